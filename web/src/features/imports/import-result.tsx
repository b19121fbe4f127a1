import { Button } from '@mantine/core';
import { IconArrowBackUp, IconArrowLeft, IconPlayerPlay, IconUsers } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '@/api/problem';
import { useProblemText } from '@/lib/problem-text';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { ConfirmDialog } from '@/ui/confirm';
import { FormError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { type Import, useImportAction } from './api';
import { Counts, NounCounts } from './counts';
import styles from './imports.module.css';
import { KeptList } from './kept-list';
import { RejectsPanel } from './rejects-panel';
import { IMPORT_KINDS } from './search';

const route = getRouteApi('/app/imports/$id');

/** What a dry run found, or what an import did, and what can be done next. */
export function ImportResult({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const describe = useProblemText();
  const error = one.job?.error;
  return (
    <>
      <Panel>
        <p className={styles.headline} role="status">
          {t(one.state === 'undone' ? 'sentence_undone' : 'sentence', {
            new: format.count(one.rows.new),
            updated: format.count(one.rows.updated),
            rejected: format.count(one.rows.rejected),
          })}
        </p>
        <div className={styles.form}>
          <StateNote one={one} />
          {one.state === 'failed' && error && (
            <Note tone="bad" title={describe(new ProblemError({ status: 0, ...error }))}>
              {t('result.failed_hint')}
            </Note>
          )}
          <ResultActions one={one} />
        </div>
      </Panel>
      <Counts one={one} />
      <NounCounts one={one} />
      <KeptList one={one} />
      {one.rows.rejected > 0 && <RejectsPanel one={one} />}
    </>
  );
}

/** Says in one sentence where the import stands. */
function StateNote({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const nothing = one.rows.new + one.rows.updated === 0;
  if (one.state === 'undone') return <Note tone="good">{t('result.undone')}</Note>;
  if (one.state === 'cancelled') return <Note tone="warn">{t('result.cancelled')}</Note>;
  if (one.state !== 'done') return null;
  if (nothing && one.rows.rejected > 0) return <Note tone="warn">{t('result.only_wrong')}</Note>;
  if (one.dry_run) {
    return nothing ? (
      <Note tone="warn">{t('result.dry_nothing')}</Note>
    ) : (
      <Note>{t('result.dry')}</Note>
    );
  }
  return <Note tone="good">{nothing ? t('result.done_nothing') : t('result.done')}</Note>;
}

function ResultActions({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const navigate = useNavigate();
  const { upload } = route.useSearch();
  const allowed = useCan('imports.delete');
  const act = useImportAction(one.id);
  const [asking, setAsking] = useState(false);
  const kind = IMPORT_KINDS.find((known) => known === one.kind);
  if (!allowed) return null;
  return (
    <>
      {!asking && <FormError error={act.error} />}
      <div className={styles.actions}>
        {one.dry_run && upload && (
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link
                {...props}
                to="/imports/new"
                search={{ upload, name: one.file_name, kind, source: one.source, like: one.id }}
              />
            )}
            leftSection={<IconArrowLeft size={17} aria-hidden />}
          >
            {t('result.back_to_map')}
          </Button>
        )}
        {one.can.includes('run') && (
          <Button
            loading={act.isPending}
            leftSection={<IconPlayerPlay size={17} aria-hidden />}
            onClick={() =>
              act.mutate('run', {
                onSuccess: ({ id }) => void navigate({ to: '/imports/$id', params: { id } }),
              })
            }
          >
            {t('result.run')}
          </Button>
        )}
        {one.can.includes('resume') && (
          <Button loading={act.isPending} onClick={() => act.mutate('resume')}>
            {t('run.resume')}
          </Button>
        )}
        {one.state === 'done' && !one.dry_run && (
          <Button
            variant="default"
            component={Link}
            to="/customers"
            leftSection={<IconUsers size={17} aria-hidden />}
          >
            {t('result.see_customers')}
          </Button>
        )}
        {one.can.includes('undo') && (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={17} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t('undo.action')}
          </Button>
        )}
      </div>
      <ConfirmDialog
        opened={asking}
        title={t('undo.title')}
        confirm={t('undo.action')}
        danger
        busy={act.isPending}
        error={act.error}
        onClose={() => setAsking(false)}
        onConfirm={() => act.mutate('undo', { onSuccess: () => setAsking(false) })}
      >
        {t('undo.text', { file: one.file_name })}
      </ConfirmDialog>
    </>
  );
}
