import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet } from '@/ui/sheet';
import { StatCard } from '@/ui/stat-card';
import { type System, systemQuery } from './api';
import styles from './settings.module.css';

/** Routes worth a look: the rest took next to no time. */
const ROUTES = 12;

/** How the program itself is doing, for those who run it. */
export function SystemTab() {
  const query = useQuery(systemQuery);
  return <QueryView query={query}>{(system) => <Health system={system} />}</QueryView>;
}

function Health({ system }: { system: System }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { book, warehouse, jobs } = system;
  const bytes = (value: number | null | undefined) => (value == null ? '–' : format.bytes(value));
  return (
    <div className={styles.form}>
      {!book.takes_writes && (
        <Note tone="bad" title={t('system.no_writes')}>
          {t('system.no_writes_hint')}
        </Note>
      )}
      <div className={styles.stats}>
        <StatCard
          label={t('system.memory')}
          value={bytes(system.memory_bytes)}
          note={t('system.since', { at: format.instant(system.started_at) })}
        />
        <StatCard
          label={t('system.disk')}
          value={bytes(system.disk_free_bytes)}
          note={t('system.disk_of', { total: bytes(system.disk_bytes) })}
        />
        <StatCard
          label={t('system.book')}
          value={format.bytes(book.bytes)}
          note={t(`system.kind.${book.kind}`)}
        />
        <StatCard
          label={t('system.warehouse')}
          value={format.bytes(warehouse.bytes)}
          note={t('system.files', { number: format.count(warehouse.files) })}
        />
        <StatCard
          label={t('system.lag')}
          value={format.count(warehouse.feed_lag)}
          note={
            warehouse.feed_lag > 0
              ? t('system.behind', { time: format.duration(warehouse.behind_seconds) })
              : t('system.up_to_date')
          }
        />
        <StatCard
          label={t('system.jobs')}
          value={format.count(jobs.queued + jobs.running)}
          note={
            jobs.queued > 0
              ? t('system.waiting', { time: format.duration(jobs.waiting_seconds) })
              : t('system.failed', { number: format.count(jobs.failed) })
          }
        />
      </div>
      <Panel title={t('system.requests')} subtitle={t('system.requests_hint')} flush>
        <Sheet
          caption={t('system.requests')}
          rows={system.requests.slice(0, ROUTES)}
          rowKey={(route) => `${route.method} ${route.path}`}
          columns={[
            {
              key: 'route',
              header: t('system.route'),
              cell: (route) => (
                <code className="mono">
                  {route.method} {route.path}
                </code>
              ),
            },
            {
              key: 'count',
              header: t('system.count'),
              align: 'end',
              cell: (route) => format.count(route.count),
            },
            {
              key: 'mean',
              header: t('system.mean'),
              align: 'end',
              cell: (route) => t('system.ms', { number: format.decimal(route.mean_ms) }),
            },
            {
              key: 'p99',
              header: t('system.p99'),
              align: 'end',
              cell: (route) =>
                t(route.p99_ms == null ? 'system.over' : 'system.within', {
                  number: format.count(route.p99_ms ?? 5000),
                }),
            },
            {
              key: 'failed',
              header: t('system.failures'),
              align: 'end',
              cell: (route) => (route.failed > 0 ? format.count(route.failed) : '–'),
            },
          ]}
        />
      </Panel>
      <Panel title={t('system.slow')} subtitle={t('system.slow_hint')} flush>
        {system.slow_statements.length === 0 ? (
          <p className={styles.bar}>{t('system.slow_none')}</p>
        ) : (
          <Sheet
            caption={t('system.slow')}
            rows={system.slow_statements.map((slow, place) => ({ ...slow, place }))}
            rowKey={(slow) => String(slow.place)}
            columns={[
              {
                key: 'statement',
                header: t('system.statement'),
                cell: (slow) => <code className="mono">{slow.statement}</code>,
              },
              {
                key: 'seconds',
                header: t('system.seconds'),
                align: 'end',
                cell: (slow) => format.decimal(slow.seconds),
              },
            ]}
          />
        )}
      </Panel>
      <Panel title={t('system.bundle')} subtitle={t('system.bundle_hint')}>
        <Button
          component="a"
          href="/api/system/bundle"
          download
          variant="default"
          leftSection={<IconDownload size={17} aria-hidden />}
        >
          {t('system.bundle_action')}
        </Button>
      </Panel>
    </div>
  );
}
