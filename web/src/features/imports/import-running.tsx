import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { useJobProgress, useLiveJob } from '@/lib/use-live-job';
import { ConfirmDialog } from '@/ui/confirm';
import { FormError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { ProgressNote } from '@/ui/progress-note';
import { type Import, useImportAction, usePauseJob } from './api';
import { Counts } from './counts';
import styles from './imports.module.css';

/** An import at work: how far, how fast, how long, and the ways to stop it. */
export function ImportRunning({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const progress = useJobProgress();
  const job = useLiveJob(one.job?.id) ?? one.job;
  const act = useImportAction(one.id);
  const pause = usePauseJob();
  const [asking, setAsking] = useState(false);
  const title =
    one.state === 'undoing' ? 'run.undoing' : one.dry_run ? 'run.checking' : 'run.title';
  const fallback = {
    share: one.rows.total ? one.rows.done / one.rows.total : null,
    moving: true,
    notes: [t('run.rows', { done: format.count(one.rows.done) })],
  };
  return (
    <>
      <Panel title={t(title)}>
        <div className={styles.form}>
          <ProgressNote label={t(title)} {...(job ? progress(job) : fallback)} />
          <FormError error={pause.error ?? act.error} />
          <div className={styles.actions}>
            {job?.can.includes('pause') && (
              <Button
                variant="default"
                loading={pause.isPending}
                leftSection={<IconPlayerPause size={17} aria-hidden />}
                onClick={() => pause.mutate(job.id)}
              >
                {t('run.pause')}
              </Button>
            )}
            {(job?.state === 'paused' || one.can.includes('resume')) && (
              <Button
                loading={act.isPending}
                leftSection={<IconPlayerPlay size={17} aria-hidden />}
                onClick={() => act.mutate('resume')}
              >
                {t('run.resume')}
              </Button>
            )}
            {one.can.includes('cancel') && (
              <Button
                variant="default"
                leftSection={<IconX size={17} aria-hidden />}
                onClick={() => setAsking(true)}
              >
                {t('run.cancel')}
              </Button>
            )}
          </div>
          <Note>{t('run.leave')}</Note>
        </div>
      </Panel>
      <Counts one={one} />
      <ConfirmDialog
        opened={asking}
        title={t('run.cancel_title')}
        confirm={t('run.cancel')}
        danger
        busy={act.isPending}
        error={act.error}
        onClose={() => setAsking(false)}
        onConfirm={() => act.mutate('cancel', { onSuccess: () => setAsking(false) })}
      >
        {one.dry_run ? t('run.cancel_dry') : t('run.cancel_text')}
      </ConfirmDialog>
    </>
  );
}
