import { useTranslation } from 'react-i18next';
import { Tag } from '@/ui/color-badge';
import type { Import } from './api';

const TONES: Record<string, 'good' | 'bad' | 'warn' | 'accent'> = {
  done: 'good',
  failed: 'bad',
  paused: 'warn',
  running: 'accent',
  queued: 'accent',
  undoing: 'accent',
};

/** What an import is doing, as a label. */
export function ImportState({ row }: { row: Import }) {
  const { t } = useTranslation('imports');
  const paused = row.job?.state === 'paused' && row.state !== 'done';
  const state = paused ? 'paused' : row.state;
  const checked = row.dry_run && state === 'done';
  return (
    <Tag
      label={checked ? t('state.checked') : t(`state.${state}`, { defaultValue: state })}
      tone={checked ? undefined : TONES[state]}
    />
  );
}
