import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Label } from '@/api/types';
import { useFormat, useLanguage } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import { Sheet, type SheetColumn } from '@/ui/sheet';
import type { Preview, PreviewColumn, PreviewField } from './api';
import { FIELD_GROUPS, groupOf } from './field-groups';
import styles from './imports.module.css';

type Props = { preview: Preview; onChange: (mapping: Record<string, string>) => void };

/** The whole mapping with one column given another field; an empty name leaves a field out. */
function remap(preview: Preview, column: PreviewColumn, field: string): Record<string, string> {
  const mapping = Object.fromEntries(preview.fields.map(({ key }) => [key, '']));
  for (const one of preview.columns) {
    const next = one.index === column.index ? field : one.field === field ? null : one.field;
    if (next) mapping[next] = one.name;
  }
  return mapping;
}

/** Which column of the file holds what. */
export function MappingTable({ preview, onChange }: Props) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const columns: SheetColumn<PreviewColumn>[] = [
    {
      key: 'name',
      header: t('map.column'),
      cell: (column) => <span className={styles.columnName}>{column.name}</span>,
    },
    {
      key: 'samples',
      header: t('map.samples'),
      cell: (column) => (
        <span className={styles.samples}>
          {column.samples
            .filter((sample) => sample !== '')
            .slice(0, 3)
            .map((sample, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: samples never move
              <code key={at}>{sample}</code>
            ))}
        </span>
      ),
    },
    {
      key: 'field',
      header: t('map.field'),
      cell: (column) => (
        <FieldSelect
          name={t('map.field_of', { column: column.name })}
          fields={preview.fields}
          value={column.field ?? ''}
          onChange={(field) => onChange(remap(preview, column, field))}
        />
      ),
    },
    {
      key: 'guess',
      header: t('map.guess'),
      cell: (column) => <GuessTag column={column} />,
    },
  ];
  const used = preview.columns.filter((column) => column.field).length;
  return (
    <>
      <p className={styles.lead}>
        {t('map.used', { used: format.count(used), total: format.count(preview.columns.length) })}
      </p>
      <Sheet
        caption={t('map.title')}
        columns={columns}
        rows={preview.columns}
        rowKey={(column) => String(column.index)}
      />
    </>
  );
}

function GuessTag({ column }: { column: PreviewColumn }) {
  const { t } = useTranslation('imports');
  if (!column.field) return <span className={styles.quiet}>{t('guess.unused')}</span>;
  const tone = column.guess === 'content' ? 'warn' : column.guess === 'none' ? undefined : 'good';
  return <Tag label={t(`guess.${column.guess}`)} tone={tone} />;
}

type SelectProps = {
  name: string;
  fields: PreviewField[];
  value: string;
  onChange: (field: string) => void;
};

/** A native list, because a kit component per row makes long files slow. */
function FieldSelect({ name, fields, value, onChange }: SelectProps) {
  const { t } = useTranslation('imports');
  const language = useLanguage();
  // Hundreds of columns times fifty fields are filled in only where somebody is about to choose.
  const [ready, setReady] = useState(false);
  const fill = () => setReady(true);
  const offered = ready ? fields : fields.filter((field) => field.key === value);
  const text = ({ label, required }: PreviewField) => {
    const field = bothNames(label, language);
    return required ? t('map.needed', { field }) : field;
  };
  return (
    <select
      className={styles.select}
      aria-label={name}
      data-empty={value === '' || undefined}
      value={value}
      onFocus={fill}
      onPointerEnter={fill}
      onPointerDown={fill}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{t('map.ignore')}</option>
      {FIELD_GROUPS.map((group) => {
        const members = offered.filter((field) => groupOf(field.key) === group);
        if (members.length === 0) return null;
        return (
          <optgroup key={group} label={t(`field_group.${group}`)}>
            {members.map((field) => (
              <option key={field.key} value={field.key}>
                {text(field)}
              </option>
            ))}
          </optgroup>
        );
      })}
    </select>
  );
}

/** The name in the person's language first, then in the other one. */
function bothNames(label: Label, language: string): string {
  return language === 'zh' ? `${label.zh} · ${label.en}` : `${label.en} · ${label.zh}`;
}
