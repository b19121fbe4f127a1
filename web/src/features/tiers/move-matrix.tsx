import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { heatStep } from '@/ui/scale';
import type { Simulation } from './api';
import styles from './tiers.module.css';

type Props = { simulation: Simulation; nameOf: (code: string) => string };

/** From where (down) to where (across); the diagonal stays, above it rises, below it falls. */
export function MoveMatrix({ simulation, nameOf }: Props) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const codes = codesOf(simulation);
  const count = (from: string, to: string) =>
    simulation.moves.find((move) => move.from === from && move.to === to)?.customers ?? 0;
  const largest = Math.max(
    0,
    ...simulation.moves.filter((move) => move.from !== move.to).map((move) => move.customers),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
    <section className={styles.matrixBox} tabIndex={0} aria-label={t('sim.moves')}>
      <table className={styles.matrix}>
        <caption className="visually-hidden">{t('sim.moves_hint')}</caption>
        <thead>
          <tr>
            <td className={styles.corner}>{t('sim.from_to')}</td>
            {codes.map((code) => (
              <th key={code} scope="col">
                {nameOf(code)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {codes.map((from, row) => (
            <tr key={from}>
              <th scope="row">{nameOf(from)}</th>
              {codes.map((to, column) => {
                const customers = count(from, to);
                const stays = row === column;
                return (
                  <td
                    key={to}
                    data-kind={stays ? 'stays' : customers === 0 ? 'none' : 'moves'}
                    style={stays || customers === 0 ? undefined : heat(customers, largest)}
                  >
                    {customers > 0 && !stays && (
                      <span aria-hidden>{column > row ? '▲ ' : '▼ '}</span>
                    )}
                    {customers > 0 && !stays && (
                      <span className="visually-hidden">
                        {column > row ? t('sim.up') : t('sim.down')}{' '}
                      </span>
                    )}
                    {customers === 0 ? '·' : format.count(customers)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Every level that somebody has before or after, lowest first, with those left out on top. */
function codesOf(simulation: Simulation): string[] {
  const codes = simulation.levels.map((level) => level.code);
  for (const move of simulation.moves) {
    for (const code of [move.from, move.to]) {
      if (!codes.includes(code)) codes.unshift(code);
    }
  }
  return codes;
}

function heat(customers: number, largest: number): CSSProperties {
  const step = heatStep(customers, largest);
  return {
    background: `var(--heat-${step})`,
    color: step >= 5 ? 'var(--heat-high)' : 'var(--heat-low)',
  };
}
