import { useTranslation } from 'react-i18next';
import { useFormat, useLabel } from '@/lib/use-format';
import { Note } from '@/ui/note';
import type { Preview } from './api';

/** Says plainly what is still missing before the file can be read. */
export function MappingProblems({ preview }: { preview: Preview }) {
  const { t } = useTranslation('imports');
  const label = useLabel();
  const format = useFormat();
  const nameOf = (key: string) => {
    const field = preview.fields.find((one) => one.key === key);
    return field ? label(field.label) : key;
  };
  const missing = preview.problems
    .filter((problem) => problem.code === 'field_missing')
    .map((problem) => nameOf(String(problem.params.field ?? '')));
  const others = preview.problems.filter((problem) => problem.code !== 'field_missing');
  return (
    <>
      {missing.length > 0 && (
        <Note tone="warn" title={t('map.missing', { fields: format.list(missing) })}>
          {t('map.missing_hint')}
        </Note>
      )}
      {others.map((problem) => (
        <Note key={problem.code + JSON.stringify(problem.params)} tone="warn">
          {t(`problem.${problem.code}`, {
            ...problem.params,
            defaultValue: t('problem.other', { code: problem.code }),
          })}
        </Note>
      ))}
    </>
  );
}
