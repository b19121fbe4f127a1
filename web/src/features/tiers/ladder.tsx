import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useFormat, useLabel } from '@/lib/use-format';
import { ColorBadge } from '@/ui/color-badge';
import { Panel } from '@/ui/panel';
import { TwinBar, TwinLegend } from '@/ui/twin-bar';
import { type Level, type Scheme, tierSharesQuery } from './api';
import styles from './tiers.module.css';
import { useAsks } from './use-asks';

/** The levels from the highest down, each with what it asks, gives and brings. */
export function Ladder({ scheme }: { scheme: Scheme }) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const label = useLabel();
  const shares = useQuery(tierSharesQuery).data?.tiers ?? [];
  const largest = Math.max(1e-9, ...shares.flatMap((row) => [row.share ?? 0, row.net_share ?? 0]));
  const top = scheme.levels.at(-1);
  const below = shares.find((row) => row.code === '');
  const topShare = top && shares.find((row) => row.code === top.code);
  return (
    <Panel
      title={t('ladder')}
      subtitle={
        top &&
        topShare &&
        topShare.customers > 0 &&
        t('ladder_summary', {
          level: label(top.name),
          share: format.percent(topShare.share ?? 0),
          net: format.percent(topShare.net_share ?? 0),
        })
      }
      actions={shares.length > 0 && <TwinLegend first={t('col.customers')} second={t('col.net')} />}
      flush
    >
      <ol className={styles.ladder} reversed>
        {[...scheme.levels].reverse().map((level) => (
          <Rung
            key={level.code}
            scheme={scheme}
            level={level}
            row={shares.find((row) => row.code === level.code)}
            largest={largest}
          />
        ))}
      </ol>
      {below && below.customers > 0 && (
        <p className={styles.below}>
          {t('below')}
          <span>
            {t('customers', { count: below.customers, number: format.count(below.customers) })}
          </span>
        </p>
      )}
    </Panel>
  );
}

type RungProps = {
  scheme: Scheme;
  level: Level;
  row: Api<'TierShare'> | undefined;
  largest: number;
};

function Rung({ scheme, level, row, largest }: RungProps) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const label = useLabel();
  const asks = useAsks();
  return (
    <li className={styles.rung}>
      <div className={styles.rungName}>
        <ColorBadge label={label(level.name)} color={level.color} />
        {row && (
          <Link to="/customers" search={{ tier: level.code }}>
            {t('customers', { count: row.customers, number: format.count(row.customers) })}
          </Link>
        )}
      </div>
      <div className={styles.rungText}>
        <p className={styles.asks}>{asks(scheme, level)}</p>
        {level.benefits.length > 0 && (
          <p className={styles.quiet}>
            {t('gives', { benefits: format.list(level.benefits.map(label)) })}
          </p>
        )}
      </div>
      {row && (
        <div className={styles.rungShare}>
          <TwinBar
            first={(row.share ?? 0) / largest}
            second={(row.net_share ?? 0) / largest}
            firstText={format.percent(row.share ?? 0)}
            secondText={format.percent(row.net_share ?? 0)}
          />
          <span className={styles.quiet}>{t('revenue', { net: format.money(row.net, 0) })}</span>
        </div>
      )}
    </li>
  );
}
