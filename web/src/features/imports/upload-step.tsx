import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadFile } from '@/api/client';
import { useFormat } from '@/lib/use-format';
import { ChoiceCards } from '@/ui/choice-cards';
import { DropZone } from '@/ui/drop-zone';
import { FormError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { ProgressNote } from '@/ui/progress-note';
import { importsQuery } from './api';
import styles from './imports.module.css';
import { IMPORT_KINDS, type NewImportSearch } from './search';

/** The server's own name for a source that nobody named; the same in every language. */
const FIRST_SOURCE = 'main';
const ACCEPT = '.csv,.tsv,.txt,.xlsx,.gz,.zip';

type Props = { search: NewImportSearch; onDone: (search: NewImportSearch) => void };

/** Step one: what the file holds, where it comes from, and the file itself. */
export function UploadStep({ search, onDone }: Props) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const [kind, setKind] = useState(search.kind ?? 'orders');
  const [typed, setTyped] = useState(search.source);
  const earlier = useInfiniteQuery(importsQuery).data?.pages.flatMap((page) => page.items) ?? [];
  const sources = [...new Set(earlier.map((one) => one.source))];
  const source = typed ?? sources[0] ?? FIRST_SOURCE;
  const listId = useId();
  const [sent, setSent] = useState({ done: 0, total: 0, name: '' });
  const stop = useRef<AbortController | null>(null);
  const upload = useMutation({
    mutationFn: (file: File) => {
      stop.current = new AbortController();
      setSent({ done: 0, total: file.size, name: file.name });
      return uploadFile(
        file,
        (done, total) => setSent({ done, total, name: file.name }),
        stop.current.signal,
      );
    },
    onSuccess: ({ id, name }) =>
      onDone({ upload: id, name, kind, source: source.trim() || FIRST_SOURCE }),
  });

  return (
    <Panel>
      <div className={styles.form}>
        <ChoiceCards
          label={t('upload.kind')}
          value={kind}
          onChange={setKind}
          choices={IMPORT_KINDS.map((value) => ({
            value,
            title: t(`kind.${value}`),
            hint: t(`kind_hint.${value}`),
          }))}
        />
        <TextInput
          label={t('upload.source')}
          description={t('upload.source_hint')}
          value={source}
          list={listId}
          maxLength={60}
          className={styles.narrow}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <datalist id={listId}>
          {sources.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <FormError error={upload.error} />
        {upload.isPending ? (
          <div className={styles.sending}>
            <strong>{sent.name}</strong>
            <ProgressNote
              label={t('upload.sending')}
              share={sent.total ? sent.done / sent.total : null}
              moving
              notes={[
                sent.done < sent.total ? t('upload.sending') : t('upload.reading'),
                t('upload.sent', {
                  done: format.bytes(sent.done),
                  total: format.bytes(sent.total),
                }),
              ]}
            />
            <Button
              variant="default"
              onClick={() => {
                stop.current?.abort();
                upload.reset();
              }}
            >
              {t('common:action.cancel')}
            </Button>
          </div>
        ) : (
          <DropZone
            title={t('upload.drop')}
            hint={t('upload.hint')}
            choose={t('upload.choose')}
            accept={ACCEPT}
            onFile={(file) => upload.mutate(file)}
          />
        )}
      </div>
    </Panel>
  );
}
