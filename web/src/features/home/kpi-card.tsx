import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { currencyDigits } from '@/lib/format';
import { useFormat } from '@/lib/use-format';
import { Sparkline } from '@/ui/sparkline';
import { StatCard } from '@/ui/stat-card';

/** Figures of which less is better. */
const LESS_IS_BETTER = new Set(['at_risk', 'refund_rate']);

/** One key figure with its change and its last twelve months. */
export function KpiCard({ kpi, currency }: { kpi: Api<'Kpi'>; currency: string }) {
  const { t } = useTranslation('home');
  const format = useFormat();

  function show(value: number | null | undefined): string {
    if (typeof value !== 'number') return '–';
    if (kpi.unit === 'ratio') return format.percent(value);
    if (kpi.unit === 'count') return format.count(value);
    const money = { amount: value, currency };
    const major = Math.abs(value) / 10 ** currencyDigits(currency);
    // What fits a card: a basket to the cent, a shop's sales to the unit.
    if (major >= 1_000_000) return format.moneyShort(money);
    return major >= 1000 ? format.money(money, 0) : format.money(money);
  }

  const { change, previous } = kpi;
  const rising = (change ?? 0) > 0;
  // Below what the text shows, nothing has changed.
  const flat = Math.abs(change ?? 0) < 0.0005;
  const good = rising !== LESS_IS_BETTER.has(kpi.key);
  return (
    <StatCard
      label={t(`kpi.${kpi.key}`, { defaultValue: kpi.key })}
      value={show(kpi.value)}
      change={
        typeof change !== 'number'
          ? undefined
          : {
              text:
                // A ratio changes by percentage points, anything else by a share of itself.
                kpi.unit === 'ratio'
                  ? t('kpi.points', { value: format.signed(change * 100) })
                  : format.signedPercent(change),
              direction: flat ? 'flat' : rising ? 'up' : 'down',
              tone: flat ? 'plain' : good ? 'good' : 'bad',
            }
      }
      note={typeof previous !== 'number' ? null : t('kpi.previous', { value: show(previous) })}
    >
      <Sparkline values={kpi.series.map((value) => value ?? null)} />
    </StatCard>
  );
}
