import { Button, Modal, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '@/api/types';
import { isLive } from '@/lib/jobs';
import { useCan } from '@/lib/session';
import { useJobProgress, useLiveJob } from '@/lib/use-live-job';
import { FormError, useFieldError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { ProgressNote } from '@/ui/progress-note';
import { useRunGrading } from './api';
import styles from './rfm.module.css';

type Grading = { job: Job | undefined; running: boolean; follow: (id: string) => void };

/** The grading started here, followed to its end; then every figure is read again. */
export function useGradeJob(): Grading {
  const client = useQueryClient();
  const [id, follow] = useState<string | null>(null);
  const job = useLiveJob(id);
  const running = job !== undefined && isLive(job);
  const finished = job?.state === 'done';
  useEffect(() => {
    if (finished) void client.invalidateQueries({ queryKey: ['reports'] });
  }, [finished, client]);
  return { job, running, follow };
}

/** Starts a grading, as of today or of a day in the past. */
export function GradeButton({ grading }: { grading: Grading }) {
  const { t } = useTranslation('rfm');
  const allowed = useCan('tiers.approve');
  const run = useRunGrading();
  const fieldError = useFieldError(run.error);
  const [opened, setOpened] = useState(false);
  const [date, setDate] = useState('');
  if (!allowed) return null;

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    run.mutate(date, {
      onSuccess: ({ id }) => {
        grading.follow(id);
        setOpened(false);
      },
    });
  }

  return (
    <>
      <Button
        loading={grading.running}
        leftSection={<IconRefresh size={17} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t('grade.action')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('grade.title')}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <form className={styles.stack} onSubmit={onSubmit}>
          <p className={styles.text}>{t('grade.text')}</p>
          <TextInput
            type="date"
            label={t('grade.date')}
            description={t('grade.date_hint')}
            value={date}
            error={fieldError('as_of')}
            onChange={(event) => setDate(event.currentTarget.value)}
          />
          <FormError error={run.error} />
          <Button type="submit" loading={run.isPending} data-autofocus>
            {t('grade.action')}
          </Button>
        </form>
      </Modal>
    </>
  );
}

/** How far the grading is. */
export function GradeProgress({ grading }: { grading: Grading }) {
  const { t } = useTranslation('rfm');
  const progress = useJobProgress();
  const { job, running } = grading;
  if (!job) return null;
  if (job.state === 'failed') return <Note tone="bad">{t('grade.failed')}</Note>;
  if (!running) return null;
  return (
    <Panel>
      <ProgressNote label={t('grade.title')} {...progress(job)} />
    </Panel>
  );
}
