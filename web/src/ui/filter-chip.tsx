import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './filter-chip.module.css';

/** One filter in force, as a sentence, with a button that takes it away. */
export function FilterChip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <span className={styles.chip}>
      <span className={styles.label}>{label}</span>
      <button
        type="button"
        className={styles.remove}
        aria-label={t('action.remove_named', { name: label })}
        data-compact
        onClick={onRemove}
      >
        <IconX size={14} aria-hidden />
      </button>
    </span>
  );
}
