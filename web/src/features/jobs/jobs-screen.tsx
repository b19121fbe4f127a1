import { Button, SegmentedControl } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Page } from '@/ui/page';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { EmptyState } from '@/ui/states';
import { jobListQuery } from './api';
import { JobItem } from './job-item';
import styles from './jobs.module.css';
import { JOB_FILTERS } from './search';

const route = getRouteApi('/app/jobs');

/** Every long piece of work, what it is doing, and the ways to steer it. */
export function JobsScreen() {
  const { t } = useTranslation('jobs');
  const navigate = useNavigate();
  const format = useFormat();
  const { show = 'all' } = route.useSearch();
  const query = useQuery(jobListQuery(show));
  return (
    <Page title={t('title')} subtitle={t('subtitle')}>
      <SegmentedControl
        className={styles.filter}
        aria-label={t('filter.label')}
        value={show}
        data={JOB_FILTERS.map((value) => ({ value, label: t(`filter.${value}`) }))}
        onChange={(value) => {
          const next = JOB_FILTERS.find((known) => known === value);
          void navigate({ to: '/jobs', search: { show: next === 'all' ? undefined : next } });
        }}
      />
      <QueryView query={query}>
        {({ items, total }) =>
          items.length === 0 ? (
            <EmptyState
              icon={<IconChecklist size={28} aria-hidden />}
              title={show === 'all' ? t('empty') : t('empty_filter')}
              action={
                show === 'all' && (
                  <Button component={Link} to="/imports/new">
                    {t('empty_action')}
                  </Button>
                )
              }
            />
          ) : (
            <Panel flush>
              <ul className={styles.list} aria-label={t('title')}>
                {items.map((job) => (
                  <JobItem key={job.id} job={job} />
                ))}
              </ul>
              {total.count > items.length && (
                <p className={styles.rest}>
                  {t('rest', {
                    shown: format.count(items.length),
                    total: format.count(total.count),
                  })}
                </p>
              )}
            </Panel>
          )
        }
      </QueryView>
    </Page>
  );
}
