import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { term } from '@/lib/i18n';
import { useLabel } from '@/lib/use-format';
import { ColorBadge, Tag } from '@/ui/color-badge';
import styles from './customers.module.css';

const RISKY = new Set(['at_risk', 'cannot_lose', 'about_to_sleep']);
const STAGE_TONE = {
  new: 'accent',
  active: 'good',
  slowing: 'warn',
  lapsed: 'bad',
  won_back: 'good',
} as const;

/** Tier, RFM group, lifecycle and class of a customer in one line. */
export function CustomerTags({ row }: { row: Api<'CustomerRow'> }) {
  const { t } = useTranslation();
  const label = useLabel();
  const stage = row.lifecycle as keyof typeof STAGE_TONE | null;
  return (
    <div className={styles.tags}>
      {row.tier && <ColorBadge label={label(row.tier.name)} color={row.tier.color} />}
      {row.rfm_group && (
        <Tag
          label={term(t, 'rfm_group', row.rfm_group)}
          tone={RISKY.has(row.rfm_group) ? 'warn' : undefined}
        />
      )}
      {stage && <Tag label={term(t, 'lifecycle', stage)} tone={STAGE_TONE[stage]} />}
      {row.abc && <Tag label={term(t, 'abc', row.abc)} />}
    </div>
  );
}
