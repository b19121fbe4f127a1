import { Button } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { isLive, jobsQuery } from '@/lib/jobs';
import { useCan } from '@/lib/session';
import { FormError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { EmptyState } from '@/ui/states';
import styles from './home.module.css';

const SAMPLE = { customers: 20_000, seed: 7 };

/** The chain has no orders yet: bring files, or make a sample chain. */
export function HomeEmpty() {
  const { t } = useTranslation('home');
  const client = useQueryClient();
  const mayImport = useCan('imports.create');
  const jobs = useQuery({ ...jobsQuery, enabled: useCan('jobs.see') });
  const busy = (jobs.data?.items ?? []).some(isLive);
  const sample = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/demo', { body: SAMPLE })),
    onSuccess: () => client.invalidateQueries({ queryKey: jobsQuery.queryKey }),
  });
  return (
    <Panel>
      <EmptyState
        icon={<IconChartBar size={28} aria-hidden />}
        title={busy ? t('empty.busy') : t('empty.title')}
        action={
          busy || !mayImport ? null : (
            <div className={styles.buttons}>
              <Button component={Link} to={'/imports/new' as string}>
                {t('empty.import')}
              </Button>
              <Button variant="default" loading={sample.isPending} onClick={() => sample.mutate()}>
                {t('empty.sample')}
              </Button>
            </div>
          )
        }
      >
        <FormError error={sample.error} />
      </EmptyState>
    </Panel>
  );
}
