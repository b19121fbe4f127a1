import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import type { Level, Scheme } from './api';
import { modeOf } from './scheme';

/** What a level asks for, as one sentence. */
export function useAsks() {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  return (scheme: Scheme, level: Level): string => {
    const parts = Object.entries(level.thresholds).map(([criterion, value]) =>
      t(`asks.${criterion}`, {
        count: value,
        value:
          criterion === 'spend'
            ? format.money({ amount: value, currency: scheme.currency })
            : format.count(value),
        defaultValue: criterion,
      }),
    );
    if (parts.length === 0) return t('asks.nothing');
    return modeOf(scheme) === 'any_of' ? format.anyOf(parts) : format.list(parts);
  };
}
