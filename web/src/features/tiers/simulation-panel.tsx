import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat, useLabel } from '@/lib/use-format';
import { ColorBadge } from '@/ui/color-badge';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { Sheet } from '@/ui/sheet';
import { StatCard } from '@/ui/stat-card';
import type { Scheme, Simulation } from './api';
import { MoveMatrix } from './move-matrix';
import styles from './tiers.module.css';

type Props = {
  simulation: Simulation;
  scheme: Scheme;
  /** The scheme in force, for the names of levels that the draft no longer has. */
  former: Scheme;
  outdated: boolean;
};

/** Who would move, from where to where, and what it changes in revenue. */
export function SimulationPanel({ simulation, scheme, former, outdated }: Props) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const nameOf = useLevelName(scheme, former);
  const box = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new result is shown to the person
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  }, [simulation]);
  const { promoted, demoted, unchanged, customers } = simulation;
  return (
    <section ref={box} className={styles.result} aria-label={t('sim.title')}>
      {outdated && <Note tone="warn">{t('sim.outdated')}</Note>}
      <Panel
        title={t('sim.title')}
        subtitle={t('sim.summary', {
          promoted: format.count(promoted),
          demoted: format.count(demoted),
          unchanged: format.count(unchanged),
          date: format.day(simulation.as_of),
        })}
      >
        <div className={styles.counts}>
          <StatCard
            label={t('sim.promoted')}
            value={format.count(promoted)}
            change={change(promoted, customers, format.percent, 'up')}
          />
          <StatCard
            label={t('sim.demoted')}
            value={format.count(demoted)}
            change={change(demoted, customers, format.percent, 'down')}
          />
          <StatCard
            label={t('sim.unchanged')}
            value={format.count(unchanged)}
            change={change(unchanged, customers, format.percent, 'flat')}
          />
        </div>
      </Panel>
      <Panel title={t('sim.moves')} subtitle={t('sim.moves_hint')}>
        <MoveMatrix simulation={simulation} nameOf={nameOf} />
      </Panel>
      <Panel title={t('sim.levels')} flush>
        <Sheet
          caption={t('sim.levels')}
          rows={[...simulation.levels].reverse()}
          rowKey={(row) => row.code}
          columns={[
            {
              key: 'level',
              header: t('sim.level'),
              cell: (row) => {
                const level = scheme.levels.find((one) => one.code === row.code);
                return level ? (
                  <ColorBadge label={nameOf(row.code)} color={level.color} />
                ) : (
                  nameOf(row.code)
                );
              },
            },
            {
              key: 'before',
              header: t('sim.before'),
              align: 'end',
              cell: (row) => format.count(row.before.customers),
            },
            {
              key: 'after',
              header: t('sim.after'),
              align: 'end',
              cell: (row) => format.count(row.after.customers),
            },
            {
              key: 'change',
              header: t('sim.change'),
              align: 'end',
              cell: (row) => format.signed(row.after.customers - row.before.customers, 0),
            },
            {
              key: 'share',
              header: t('sim.share'),
              align: 'end',
              cell: (row) => fromTo(row.before.share, row.after.share, format.percent),
            },
            {
              key: 'net',
              header: t('sim.net_share'),
              align: 'end',
              cell: (row) => fromTo(row.before.net_share, row.after.net_share, format.percent),
            },
          ]}
        />
      </Panel>
    </section>
  );
}

function fromTo(
  before: number | null | undefined,
  after: number | null | undefined,
  percent: (ratio: number) => string,
): string {
  return `${percent(before ?? 0)} → ${percent(after ?? 0)}`;
}

function change(
  part: number,
  whole: number,
  percent: (ratio: number) => string,
  direction: 'up' | 'down' | 'flat',
) {
  const tone = direction === 'flat' || part === 0 ? 'plain' : direction === 'up' ? 'good' : 'bad';
  return { text: percent(whole > 0 ? part / whole : 0), direction, tone } as const;
}

/** The name of a level by its code; an empty code is below every level. */
function useLevelName(scheme: Scheme, former: Scheme) {
  const { t } = useTranslation('tiers');
  const label = useLabel();
  return (code: string) => {
    if (code === '') return t('sim.no_level');
    const level = scheme.levels.find((one) => one.code === code);
    if (level) return label(level.name);
    const gone = former.levels.find((one) => one.code === code);
    return t('sim.removed', { name: gone ? label(gone.name) : code });
  };
}
