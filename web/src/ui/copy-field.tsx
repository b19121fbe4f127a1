import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './copy-field.module.css';

/** A text to take away, selected and copied by one button. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Plain http has no clipboard: the text stays selected, ready for Ctrl+C.
      setCopied(false);
    }
  }

  return (
    <div className={styles.row}>
      <input ref={field} className={styles.field} readOnly value={value} aria-label={label} />
      <Button
        variant="default"
        onClick={() => void copy()}
        leftSection={
          copied ? <IconCheck size={17} aria-hidden /> : <IconCopy size={17} aria-hidden />
        }
      >
        {copied ? t('action.done') : t('action.copy')}
      </Button>
    </div>
  );
}
