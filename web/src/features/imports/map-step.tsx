import { Button } from '@mantine/core';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { FormError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { ErrorState } from '@/ui/states';
import {
  type ImportOptions,
  type Preview,
  type PreviewInput,
  previewQuery,
  useStartImport,
} from './api';
import styles from './imports.module.css';
import { MappingProblems } from './mapping-problems';
import { MappingTable } from './mapping-table';
import { PreviewRows } from './preview-rows';
import { ReadingOptions } from './reading-options';
import type { ImportKind } from './search';

type Props = {
  upload: string;
  kind: ImportKind;
  source: string;
  initial: ImportOptions;
  onBack: () => void;
};

/** Whether the server still misses a field; other problems are only doubts. */
function isIncomplete(preview: Preview): boolean {
  return preview.problems.some((problem) => problem.code === 'field_missing');
}

/** Step two: how the file is read and which column holds what. */
export function MapStep({ upload, kind, source, initial, onBack }: Props) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const navigate = useNavigate();
  const [options, setOptions] = useState<ImportOptions>(initial);
  const input: PreviewInput = { upload_id: upload, kind, source, options };
  const preview = useQuery(previewQuery(input));
  const start = useStartImport();
  const change = (next: ImportOptions) => setOptions((old) => ({ ...old, ...next }));

  function check() {
    start.mutate(
      { ...input, options: preview.data?.options ?? options, dry_run: true },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: '/imports/$id', params: { id }, search: { upload } }),
      },
    );
  }

  const otherFile = (
    <Button
      variant="default"
      leftSection={<IconArrowLeft size={17} aria-hidden />}
      onClick={onBack}
    >
      {t('map.other_file')}
    </Button>
  );

  if (preview.isLoadingError) {
    return (
      <div className={styles.unreadable}>
        <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
        {otherFile}
      </div>
    );
  }
  return (
    <QueryView query={preview}>
      {(data) => (
        <div className={styles.stack} aria-busy={preview.isFetching}>
          {preview.isError && <FormError error={preview.error} />}
          <Panel title={t('read.title')} subtitle={t('read.subtitle')}>
            <ReadingOptions preview={data} onChange={change} />
          </Panel>
          <Panel
            title={t('map.title')}
            subtitle={t('map.subtitle', { kind: t(`kind.${kind}`) })}
            flush
          >
            <MappingTable preview={data} onChange={(mapping) => change({ mapping })} />
          </Panel>
          <Panel
            title={t('rows.title')}
            subtitle={t('rows.subtitle', {
              shown: format.count(data.rows.length),
              total: format.count(data.rows_estimated),
            })}
            flush
          >
            <PreviewRows preview={data} />
          </Panel>
          <MappingProblems preview={data} />
          <FormError error={start.error} />
          <div className={styles.foot}>
            {otherFile}
            <Button
              disabled={isIncomplete(data) || preview.isFetching}
              loading={start.isPending}
              rightSection={<IconArrowRight size={17} aria-hidden />}
              onClick={check}
            >
              {t('map.check')}
            </Button>
          </div>
          {!isIncomplete(data) && <Note>{t('map.check_hint')}</Note>}
        </div>
      )}
    </QueryView>
  );
}
