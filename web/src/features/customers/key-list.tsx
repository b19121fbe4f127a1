import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { term } from '@/lib/i18n';
import { KEY_KINDS, type KeyValue } from './customer-form';
import styles from './key-list.module.css';

type Props = {
  keys: KeyValue[];
  onChange: (keys: KeyValue[]) => void;
  error: string | undefined;
};

/** The phones, e-mail addresses and cards by which a person is known. */
export function KeyList({ keys, onChange, error }: Props) {
  const { t } = useTranslation('customers');
  const errorId = useId();
  const change = (at: number, part: Partial<KeyValue>) =>
    onChange(keys.map((key, index) => (index === at ? { ...key, ...part } : key)));
  return (
    <fieldset className={styles.keys} aria-describedby={error ? errorId : undefined}>
      <legend>{t('field.identifiers')}</legend>
      {keys.map((key, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the form
        <div key={at} className={styles.keyRow}>
          <select
            aria-label={t('keys.kind')}
            value={key.kind}
            onChange={(event) => change(at, { kind: event.currentTarget.value })}
          >
            {KEY_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {term(t, 'identifier', kind)}
              </option>
            ))}
          </select>
          <input
            aria-label={term(t, 'identifier', key.kind)}
            type={key.kind === 'phone' ? 'tel' : key.kind === 'email' ? 'email' : 'text'}
            placeholder={key.kind === 'phone' ? '+65 8123 4567' : undefined}
            value={key.value}
            // A changed number is not the one that was proven.
            onChange={(event) => change(at, { value: event.currentTarget.value, verified: false })}
          />
          <button
            type="button"
            aria-label={t('keys.remove', { name: key.value || term(t, 'identifier', key.kind) })}
            onClick={() => onChange(keys.filter((_, index) => index !== at))}
          >
            <IconTrash size={17} aria-hidden />
          </button>
        </div>
      ))}
      {error && (
        <p id={errorId} className={styles.keyError}>
          {error}
        </p>
      )}
      <button
        type="button"
        className={styles.addKey}
        onClick={() => onChange([...keys, { kind: 'phone', value: '', verified: false }])}
      >
        <IconPlus size={16} aria-hidden />
        {t('keys.add')}
      </button>
    </fieldset>
  );
}
