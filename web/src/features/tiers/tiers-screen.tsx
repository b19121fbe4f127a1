import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isLive } from '@/lib/jobs';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useJobProgress, useLiveJob } from '@/lib/use-live-job';
import { Note } from '@/ui/note';
import { Page } from '@/ui/page';
import { Panel } from '@/ui/panel';
import { ProgressNote } from '@/ui/progress-note';
import { QueryView } from '@/ui/query-view';
import { BlockSkeleton } from '@/ui/skeleton';
import { type Scheme, schemesQuery, tierSharesQuery } from './api';
import { Ladder } from './ladder';
import styles from './tiers.module.css';

const route = getRouteApi('/app/tiers');

/** The levels in force, who has them, and what they bring. */
export function TiersScreen() {
  const { t } = useTranslation('tiers');
  const query = useQuery(schemesQuery);
  // They make the ladder higher, so it waits for them.
  const shares = useQuery(tierSharesQuery);
  const allowed = useCan('tiers.edit');
  const { job } = route.useSearch();
  const draft = query.data?.data.draft;
  return (
    <Page
      title={t('title')}
      subtitle={
        query.data &&
        (query.data.data.published.version > 0
          ? t('version', { version: query.data.data.published.version })
          : t('version_default'))
      }
      actions={
        allowed && (
          <Button
            component={Link}
            to="/tiers/edit"
            leftSection={<IconPencil size={17} aria-hidden />}
          >
            {draft ? t('continue_draft') : t('edit')}
          </Button>
        )
      }
    >
      {job && <Publishing id={job} />}
      <QueryView query={query}>
        {({ data }) =>
          shares.isPending ? (
            <BlockSkeleton />
          ) : (
            <div className={styles.stack}>
              <Ladder scheme={data.published} />
              <Rules scheme={data.published} />
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}

/** The grading that follows a publishing. */
function Publishing({ id }: { id: string }) {
  const { t } = useTranslation('tiers');
  const progress = useJobProgress();
  const job = useLiveJob(id);
  if (!job) return null;
  if (job.state === 'done') return <Note tone="good">{t('published')}</Note>;
  if (!isLive(job)) return <Note tone="bad">{t('publish_failed')}</Note>;
  return (
    <Panel title={t('publishing')}>
      <ProgressNote label={t('publishing')} {...progress(job)} />
    </Panel>
  );
}

/** The rest of the rule, in sentences. */
function Rules({ scheme }: { scheme: Scheme }) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const sentences = [
    t(`rule.${scheme.rule.mode}`, { defaultValue: scheme.rule.mode }),
    t('rule.window', { days: format.count(scheme.window_days) }),
    t('rule.promotion'),
    scheme.review_months > 0
      ? t('rule.review', {
          count: scheme.review_months,
          months: format.count(scheme.review_months),
          grace: format.count(scheme.grace_days),
        })
      : t('rule.review_always', { grace: format.count(scheme.grace_days) }),
    scheme.refunds_may_demote ? t('rule.refunds_demote') : t('rule.refunds_keep'),
  ];
  return (
    <Panel title={t('rules')}>
      <ul className={styles.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Panel>
  );
}
