import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Format } from '@/lib/format';
import { term } from '@/lib/i18n';
import { useFormat } from '@/lib/use-format';
import type { Pair, Person } from './api';
import styles from './duplicates.module.css';

const SIGNS: Record<string, string> = {
  equal: '=',
  similar: '≈',
  different: '≠',
  missing: '∅',
};

type Props = { pair: Pair; winner: string; onWinner: ((id: string) => void) | undefined };

/** Field by field: what A says, how the two agree, what B says, and what that weighs. */
export function EvidenceTable({ pair, winner, onWinner }: Props) {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const shown = (field: string, value: string | null | undefined) => {
    if (!value) return <span className={styles.none}>{t('no_value')}</span>;
    if (field === 'birth_date') return format.birthday(value);
    if (field === 'gender') return term(t, 'gender', value);
    if (field === 'country') return format.country(value);
    return value;
  };
  const heaviest = Math.max(1, ...pair.evidence.map((one) => Math.abs(one.weight)));
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{t('evidence')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('field_head')}</th>
          <th scope="col">
            <Choice
              side="A"
              person={pair.left}
              name={pair.id}
              winner={winner}
              onWinner={onWinner}
            />
          </th>
          <th scope="col">
            <span className="visually-hidden">{t('agreement_head')}</span>
          </th>
          <th scope="col">
            <Choice
              side="B"
              person={pair.right}
              name={pair.id}
              winner={winner}
              onWinner={onWinner}
            />
          </th>
          <th scope="col">{t('weight_head')}</th>
        </tr>
      </thead>
      <tbody>
        {pair.evidence.map((one) => (
          <tr key={one.field}>
            <th scope="row">{t(`field.${one.field}`, { defaultValue: one.field })}</th>
            <td>{shown(one.field, one.left)}</td>
            <td>
              <span
                className={styles.sign}
                data-agreement={one.agreement}
                role="img"
                aria-label={t(`agreement.${one.agreement}`)}
                title={t(`agreement.${one.agreement}`)}
              >
                {SIGNS[one.agreement] ?? '?'}
              </span>
            </td>
            <td>{shown(one.field, one.right)}</td>
            <td>
              <Weight value={one.weight} heaviest={heaviest} format={format} />
            </td>
          </tr>
        ))}
        {factRows(pair, format, t).map(([name, left, right]) => (
          <tr key={name} className={styles.fact}>
            <th scope="row">{name}</th>
            <td>{left}</td>
            <td />
            <td>{right}</td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the two bought; it says nothing about sameness but helps to choose. */
function factRows(pair: Pair, format: Format, t: (key: string) => string) {
  const both = (name: string, value: (person: Person) => string) =>
    [t(name), value(pair.left), value(pair.right)] as const;
  const day = (value: string | null | undefined) => (value ? format.day(value) : '–');
  return [
    both('fact.orders', (person) => format.count(person.orders)),
    both('fact.net', (person) => format.money(person.net)),
    both('fact.first', (person) => day(person.first_order)),
    both('fact.last', (person) => day(person.last_order)),
    both('fact.source', (person) => person.source ?? '–'),
  ];
}

type ChoiceProps = {
  side: string;
  person: Person;
  name: string;
  winner: string;
  onWinner: ((id: string) => void) | undefined;
};

function Choice({ side, person, name, winner, onWinner }: ChoiceProps) {
  const { t } = useTranslation('duplicates');
  return (
    <div className={styles.choice}>
      <span className={styles.person}>
        <span className={styles.side} aria-hidden>
          {side}
        </span>
        <Link
          to="/customers/$id"
          params={{ id: person.id }}
          lang={person.country === 'CN' ? 'zh-Hans' : undefined}
        >
          {person.name || person.number}
        </Link>
      </span>
      {onWinner && (
        <label className={styles.keep}>
          <input
            type="radio"
            name={name}
            checked={winner === person.id}
            onChange={() => onWinner(person.id)}
          />
          {t('keep')}
        </label>
      )}
    </div>
  );
}

/** A bar to the right speaks for one person, to the left against. */
function Weight({ value, heaviest, format }: { value: number; heaviest: number; format: Format }) {
  const size = `${(Math.abs(value) / heaviest) * 50}%`;
  return (
    <span className={styles.weight}>
      <span className={styles.scale} aria-hidden>
        <span
          data-against={value < 0 || undefined}
          style={
            value < 0
              ? { insetInlineEnd: '50%', inlineSize: size }
              : { insetInlineStart: '50%', inlineSize: size }
          }
        />
      </span>
      <span>{format.signed(value)}</span>
    </span>
  );
}
