import { Select, TextInput } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import type { ImportOptions, Preview } from './api';
import styles from './imports.module.css';

type Props = { preview: Preview; onChange: (options: ImportOptions) => void };

const DELIMITERS = [',', ';', '\t', '|'];
const DELIMITER_KEYS: Record<string, string> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  tab: 'tab',
  '|': 'pipe',
};
const DATE_ORDERS = ['ymd', 'dmy', 'mdy'];
const DECIMAL_MARKS = ['point', 'comma'];
const SURE = 0.8;

/** What was found out about the file; everything can be changed by hand. */
export function ReadingOptions({ preview, onChange }: Props) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const { options } = preview;
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const currencies = useMemo(
    () =>
      Intl.supportedValuesOf('currency').map((code) => ({
        value: code,
        label: `${code} · ${format.currency(code)}`,
      })),
    [format],
  );

  /** Says how sure the program is, where it had to guess. */
  function found(key: string): ReactNode {
    const guess = preview.detected[key];
    if (!guess) return null;
    if (guess.confidence < SURE) {
      return <span className={styles.unsure}>{t('read.unsure')}</span>;
    }
    return key === 'currency' ? null : t('read.found');
  }

  const select = (key: keyof ImportOptions, data: { value: string; label: string }[]) => {
    const value = String(options[key] ?? '');
    const known = data.some((item) => item.value === value) || value === '';
    return (
      <Select
        label={t(`read.${key}`)}
        description={found(key)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={known ? data : [{ value, label: value }, ...data]}
        value={value || null}
        placeholder={key === 'time_zone' ? t('read.own_zone') : t('read.choose')}
        searchable={data.length > 12}
        limit={60}
        nothingFoundMessage={t('read.nothing_found')}
        onChange={(next) => next && onChange({ [key]: next })}
      />
    );
  };
  const same = (values: string[]) => values.map((value) => ({ value, label: value }));
  const delimiter = options.delimiter === 'tab' ? '\t' : options.delimiter;

  return (
    <div className={styles.options}>
      {preview.sheets.length > 0 ? (
        select('sheet', same(preview.sheets))
      ) : (
        <>
          {select('encoding', same(preview.encodings))}
          <Select
            label={t('read.delimiter')}
            description={found('delimiter')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            data={DELIMITERS.map((value) => ({
              value,
              label: t(`delimiter.${DELIMITER_KEYS[value]}`),
            }))}
            value={delimiter ?? null}
            onChange={(next) => next && onChange({ delimiter: next })}
          />
        </>
      )}
      <TextInput
        key={`header ${options.header_row}`}
        label={t('read.header_row')}
        description={t('read.header_hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        inputMode="numeric"
        defaultValue={String(options.header_row ?? '')}
        onBlur={(event) => {
          const row = Number.parseInt(event.currentTarget.value, 10);
          if (row >= 0 && row !== options.header_row) onChange({ header_row: row });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      {select(
        'date_order',
        DATE_ORDERS.map((value) => ({ value, label: t(`date_order.${value}`) })),
      )}
      {select(
        'decimal_mark',
        DECIMAL_MARKS.map((value) => ({ value, label: t(`decimal_mark.${value}`) })),
      )}
      {preview.fields.some(({ key }) => key === 'order_number') && (
        <>
          <TriState
            label={t('read.document_prefixes')}
            words="prefixes"
            value={options.document_prefixes}
            onChange={(value) => onChange({ document_prefixes: value })}
          />
          <TriState
            label={t('read.amounts_per_line')}
            words="per_line"
            value={options.amounts_per_line}
            onChange={(value) => onChange({ amounts_per_line: value })}
          />
        </>
      )}
      {select('currency', currencies)}
      {select('time_zone', same(zones))}
      {select('country', countries(format.country))}
    </div>
  );
}

type TriProps = {
  label: string;
  words: 'prefixes' | 'per_line';
  value: boolean | null | undefined;
  onChange: (value: boolean | null) => void;
};

/** Yes, no, or left to the program. */
function TriState({ label, words, value, onChange }: TriProps) {
  const { t } = useTranslation('imports');
  const shown = value === true ? 'yes' : value === false ? 'no' : 'auto';
  return (
    <Select
      label={label}
      data={['auto', 'yes', 'no'].map((one) => ({ value: one, label: t(`${words}.${one}`) }))}
      value={shown}
      onChange={(next) => onChange(next === 'auto' ? null : next === 'yes')}
    />
  );
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Every country code that the browser has a name for. */
function countries(nameOf: (code: string) => string): { value: string; label: string }[] {
  const all: { value: string; label: string }[] = [];
  for (const first of LETTERS) {
    for (const second of LETTERS) {
      const value = first + second;
      const name = nameOf(value);
      if (name !== value && !PSEUDO.has(value)) all.push({ value, label: `${value} · ${name}` });
    }
  }
  return all;
}

/** Codes that name no country: unions, test regions and codes out of use. */
const PSEUDO = new Set([
  'AN',
  'BU',
  'CS',
  'DD',
  'EU',
  'EZ',
  'FX',
  'NT',
  'QO',
  'SU',
  'TP',
  'UK',
  'UN',
  'XA',
  'XB',
  'YD',
  'YU',
  'ZR',
  'ZZ',
]);
