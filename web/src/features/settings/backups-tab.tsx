import { Button, Select, TextInput } from '@mantine/core';
import { IconDatabaseExport } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { ProblemError } from '@/api/problem';
import type { Api } from '@/api/types';
import { backupsQuery } from '@/lib/backups';
import { isLive } from '@/lib/jobs';
import { useProblemText } from '@/lib/problem-text';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useJobProgress, useLiveJob } from '@/lib/use-live-job';
import { useOnce } from '@/lib/use-once';
import { FormError, useFieldError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { ProgressNote } from '@/ui/progress-note';
import { QueryView } from '@/ui/query-view';
import { Sheet } from '@/ui/sheet';
import { StatCard } from '@/ui/stat-card';
import { EmptyState } from '@/ui/states';
import { showDone } from '@/ui/undo-toast';
import { settingsQuery, useSaveSettings } from './api';
import styles from './settings.module.css';

type Backups = Api<'Backups'>;
type Backup = Api<'Backup'>;

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Copies of the book that were put aside, and whether they can be brought back. */
export function BackupsTab() {
  const query = useQuery(backupsQuery);
  return <QueryView query={query}>{(backups) => <Overview backups={backups} />}</QueryView>;
}

/** Starts work on backups and follows it to its end. */
function useBackupJob() {
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: async (id: string | null) =>
      id
        ? unwrap(await api.POST('/api/backups/{id}/drill', { params: { path: { id } } }))
        : unwrap(await api.POST('/api/backups')),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
  const job = useLiveJob(start.data?.id) ?? start.data;
  const busy = start.isPending || (job ? isLive(job) : false);
  const once = useOnce(busy);
  const begin = (id: string | null) => once(() => start.mutate(id));
  return { begin, refusal: start.error, job, busy };
}

function Overview({ backups }: { backups: Backups }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const problemText = useProblemText();
  const progress = useJobProgress();
  const allowed = useCan('backups.create') && backups.folder != null;
  const { begin, refusal, job, busy } = useBackupJob();
  const [newest] = backups.items;
  const make = allowed && (
    <Button loading={busy && job?.kind === 'backup'} disabled={busy} onClick={() => begin(null)}>
      {t('backups.make')}
    </Button>
  );
  return (
    <div className={styles.form}>
      <Warnings backups={backups} />
      <FormError error={refusal} />
      {job?.state === 'failed' && (
        <Note tone="bad" title={t('backups.failed')}>
          {problemText(new ProblemError({ status: 0, ...job.error }))}
        </Note>
      )}
      <div className={styles.stats}>
        <StatCard
          label={t('backups.proven')}
          value={backups.proven_at ? format.relative(backups.proven_at, Date.now()) : '–'}
          note={backups.proven_at ? format.instant(backups.proven_at) : t('backups.never_proven')}
        />
        <StatCard
          label={t('backups.newest')}
          value={newest ? format.relative(newest.made_at, Date.now()) : '–'}
          note={newest ? format.instant(newest.made_at) : t('backups.none')}
        />
        <StatCard
          label={t('backups.size')}
          value={newest ? format.bytes(newest.bytes) : '–'}
          note={t('backups.count', {
            count: backups.items.length,
            number: format.count(backups.items.length),
          })}
        />
      </div>
      <Panel
        title={t('backups.title')}
        subtitle={backups.folder ? t('backups.folder', { folder: backups.folder }) : null}
        actions={backups.items.length > 0 && make}
        flush
      >
        {busy && job && (
          <div className={styles.bar}>
            <ProgressNote label={t(`terms:job_kind.${job.kind}`)} {...progress(job)} />
          </div>
        )}
        {backups.items.length === 0 ? (
          <EmptyState
            icon={<IconDatabaseExport size={28} aria-hidden />}
            title={t('backups.empty')}
            action={make}
          />
        ) : (
          <Sheet
            caption={t('backups.title')}
            rows={backups.items}
            rowKey={(backup) => backup.id}
            columns={[
              {
                key: 'made',
                header: t('backups.made'),
                cell: (backup) => format.instant(backup.made_at),
              },
              { key: 'proof', header: t('backups.proof'), cell: (one) => <Proof backup={one} /> },
              {
                key: 'bytes',
                header: t('backups.bytes'),
                align: 'end',
                cell: (backup) => format.bytes(backup.bytes),
              },
              { key: 'file', header: t('backups.file'), cell: (one) => <FileOf backup={one} /> },
              {
                key: 'try',
                header: <span className="visually-hidden">{t('backups.try')}</span>,
                align: 'end',
                cell: (backup) =>
                  allowed &&
                  backup.is_there &&
                  (backups.can_try || !backup.encrypted) && (
                    <Button
                      size="xs"
                      variant="default"
                      disabled={busy}
                      onClick={() => begin(backup.id)}
                    >
                      {t('backups.try')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Panel>
      {backups.folder && <Schedule />}
    </div>
  );
}

/** What stands between a lost disk and the data. */
function Warnings({ backups }: { backups: Backups }) {
  const { t } = useTranslation('settings');
  const notes: ReactNode[] = [];
  if (!backups.folder) {
    notes.push(
      <Note key="folder" tone="bad" title={t('backups.no_folder')}>
        {t('backups.no_folder_hint')} <code className="mono">--backups</code>
      </Note>,
    );
  } else {
    if (backups.same_disk) {
      notes.push(
        <Note key="disk" tone="warn" title={t('backups.same_disk')}>
          {t('backups.same_disk_hint')}
        </Note>,
      );
    }
    if (!backups.encrypted) {
      notes.push(
        <Note key="open" title={t('backups.open')}>
          {t('backups.open_hint')} <code className="mono">--backup-recipient</code>
        </Note>,
      );
    } else if (!backups.can_try) {
      notes.push(
        <Note key="key" tone="warn" title={t('backups.no_key')}>
          {t('backups.no_key_hint')} <code className="mono">--backup-identity</code>
        </Note>,
      );
    }
  }
  return <>{notes}</>;
}

/** Whether a backup was shown to be good, and what was wrong with it if not. */
function Proof({ backup }: { backup: Backup }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const problemText = useProblemText();
  const { proof, tried_at: tried } = backup;
  if (!backup.is_there) return <span className={styles.bad}>{t('backups.gone')}</span>;
  if (!proof || !tried) return <span className={styles.quiet}>{t('backups.not_tried')}</span>;
  if (proof.ok) {
    return (
      <span>
        {t('backups.good', {
          at: format.instant(tried),
          time: format.duration(Math.max(1, Math.round(proof.seconds))),
          rows: format.count(proof.rows),
        })}
      </span>
    );
  }
  return (
    <span className={styles.bad}>
      {proof.problem
        ? problemText(new ProblemError(proof.problem))
        : t('backups.differs', { what: proof.differences.join(', ') })}
    </span>
  );
}

function FileOf({ backup }: { backup: Backup }) {
  const { t } = useTranslation('settings');
  return (
    <details className={styles.detail}>
      <summary>{backup.file}</summary>
      <p className={styles.quiet}>{t('backups.checksum', { sum: backup.sha256 })}</p>
    </details>
  );
}

/** When one is made by itself, and how many are kept. */
function Schedule() {
  const { t } = useTranslation('settings');
  const settings = useQuery({ ...settingsQuery, enabled: useCan('settings.see') });
  const allowed = useCan('settings.edit');
  const save = useSaveSettings();
  const client = useQueryClient();
  const fieldError = useFieldError(save.error);
  const [kept, setKept] = useState<string | null>(null);
  if (!settings.data) return null;
  const { data, etag } = settings.data;
  const change = (next: Partial<typeof data>) =>
    save.mutate(
      { change: next, etag },
      {
        onSuccess: () => {
          setKept(null);
          void client.invalidateQueries({ queryKey: backupsQuery.queryKey });
          showDone(t('common:state.saved'));
        },
        onError: () => void settings.refetch(),
      },
    );
  return (
    <Panel title={t('backups.schedule')} subtitle={t('backups.schedule_hint')}>
      <div className={styles.fields}>
        <Select
          label={t('backups.hour')}
          allowDeselect={false}
          disabled={!allowed || save.isPending}
          data={[
            { value: '-1', label: t('chain.grade_never') },
            ...HOURS.map((hour) => ({
              value: String(hour),
              label: `${String(hour).padStart(2, '0')}:00`,
            })),
          ]}
          value={String(data.backup_hour)}
          error={fieldError('backup_hour')}
          onChange={(value) => value && change({ backup_hour: Number(value) })}
        />
        <TextInput
          type="number"
          min={1}
          max={400}
          label={t('backups.kept')}
          disabled={!allowed || save.isPending}
          value={kept ?? String(data.backups_kept)}
          error={fieldError('backups_kept')}
          onChange={(event) => setKept(event.currentTarget.value)}
          onBlur={() => {
            const number = Math.round(Number(kept));
            if (kept !== null && number !== data.backups_kept) change({ backups_kept: number });
          }}
        />
      </div>
    </Panel>
  );
}
