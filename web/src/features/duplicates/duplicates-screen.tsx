import { Button } from '@mantine/core';
import { IconUserSearch, IconUsersGroup } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLive } from '@/lib/jobs';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useJobProgress, useLiveJob } from '@/lib/use-live-job';
import { FormError } from '@/ui/form-error';
import { Page } from '@/ui/page';
import { Panel } from '@/ui/panel';
import { ProgressNote } from '@/ui/progress-note';
import { QueryView } from '@/ui/query-view';
import { EmptyState } from '@/ui/states';
import { pairsQuery, useScan } from './api';
import styles from './duplicates.module.css';
import { PairList } from './pair-list';
import { PairReview } from './pair-review';

const route = getRouteApi('/app/duplicates');

/** The queue of likely pairs: evidence side by side, one decision at a time. */
export function DuplicatesScreen() {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const navigate = useNavigate();
  const { pair: wanted } = route.useSearch();
  const query = useInfiniteQuery(pairsQuery);
  const pairs = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total.count ?? 0;
  const found = pairs.findIndex((pair) => pair.id === wanted);
  const at = Math.max(0, found);
  const current = pairs[at];
  const scan = useScanJob();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;

  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && at + 5 >= pairs.length) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, at, pairs.length]);

  function select(index: number) {
    const next = pairs[Math.max(0, Math.min(pairs.length - 1, index))];
    if (!next) return;
    void navigate({ to: '/duplicates', search: { pair: next.id }, replace: true });
  }

  return (
    <Page
      title={t('title')}
      subtitle={
        total > 0 ? t('count', { count: total, number: format.count(total) }) : t('subtitle')
      }
      actions={pairs.length > 0 && scan.button}
    >
      {scan.progress}
      <QueryView query={query}>
        {() =>
          current ? (
            <div className={styles.layout}>
              <PairList
                pairs={pairs}
                current={current.id}
                onSelect={select}
                hasMore={hasNextPage}
                onMore={() => void fetchNextPage()}
              />
              <PairReview
                key={current.id}
                pair={current}
                position={t('position', {
                  at: format.count(at + 1),
                  total: format.count(Math.max(total, pairs.length)),
                })}
                onMove={(step) => select(at + step)}
                onDecided={() => select(at + 1 < pairs.length ? at + 1 : at - 1)}
              />
            </div>
          ) : (
            <Panel>
              <EmptyState
                icon={<IconUsersGroup size={28} aria-hidden />}
                title={t('empty')}
                action={scan.button}
              />
            </Panel>
          )
        }
      </QueryView>
    </Page>
  );
}

/** The search for pairs: its button and, while it runs, its progress. */
function useScanJob() {
  const { t } = useTranslation('duplicates');
  const client = useQueryClient();
  const progress = useJobProgress();
  const allowed = useCan('duplicates.edit');
  const scan = useScan();
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useLiveJob(jobId);
  const running = job !== undefined && isLive(job);
  const finished = job !== undefined && !running;

  useEffect(() => {
    if (finished) void client.invalidateQueries({ queryKey: pairsQuery.queryKey });
  }, [finished, client]);

  return {
    button: allowed && (
      <Button
        variant="default"
        loading={scan.isPending || running}
        leftSection={<IconUserSearch size={17} aria-hidden />}
        onClick={() => scan.mutate(undefined, { onSuccess: ({ id }) => setJobId(id) })}
      >
        {t('scan')}
      </Button>
    ),
    progress: (
      <>
        <FormError error={scan.error} />
        {job && running && (
          <Panel>
            <ProgressNote label={t('scan')} {...progress(job)} />
          </Panel>
        )}
      </>
    ),
  };
}
