import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { term } from '@/lib/i18n';
import { useFormat, useLabel } from '@/lib/use-format';
import { Meter } from '@/ui/meter';
import { Panel } from '@/ui/panel';
import { tiersQuery } from './api';
import styles from './customer.module.css';

type Unit = Api<'CriterionWhy'>['unit'];

/** Says in words why a customer has this tier, with the figures, and what the next one takes. */
export function WhyPanel({ customer }: { customer: Api<'Customer'> }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const why = customer.grade?.why;
  const grade = customer.grade;
  const tierName = useTierName();
  const currency = useQuery(tiersQuery).data?.published.currency ?? grade?.monetary.currency ?? '';
  if (!grade || !why) {
    return (
      <Panel title={t('why.title')}>
        <p className={styles.quiet}>{t('why.none')}</p>
      </Panel>
    );
  }
  const show = (unit: Unit, value: number | null | undefined) =>
    value === null || value === undefined
      ? '–'
      : unit === 'money'
        ? format.money({ amount: value, currency })
        : unit === 'days'
          ? format.days(value)
          : format.count(value);
  // Which parameters there are depends on the rule.
  const params: Record<string, unknown> = why.rule.params;
  const sentence = t(`why.rule.${why.rule.kind}`, {
    ...params,
    level: tierName(params.level),
    earned: tierName(params.earned),
    review_on: dayOf(params.review_on, format.day),
    until: dayOf(params.until, format.day) || t('why.no_end'),
    defaultValue: '',
  });
  return (
    <Panel title={t('why.title')} subtitle={sentence}>
      <ul className={styles.criteria}>
        {why.criteria.map((one) => (
          <li key={one.criterion} data-met={one.met}>
            {one.met ? (
              <IconCircleCheck size={18} aria-label={t('why.met')} />
            ) : (
              <IconCircleDashed size={18} aria-label={t('why.not_met')} />
            )}
            <span>{term(t, 'criterion', one.criterion)}</span>
            <strong>{show(one.unit, one.figure)}</strong>
            <span className={styles.quiet}>
              {typeof one.points === 'number'
                ? t('why.points', { count: one.points, number: format.count(one.points) })
                : typeof one.threshold === 'number'
                  ? t(one.criterion === 'recency' ? 'why.at_most' : 'why.at_least', {
                      value: show(one.unit, one.threshold),
                    })
                  : null}
            </span>
          </li>
        ))}
      </ul>
      {why.next_level && (
        <div className={styles.next}>
          <h3>{t('why.next', { level: tierName(why.next_level.code) })}</h3>
          {why.next_level.missing.length === 0 && (
            <p className={styles.quiet}>{t('why.next_none')}</p>
          )}
          {why.next_level.missing.map((one) => {
            const text = t(one.criterion === 'recency' ? 'why.missing_recency' : 'why.missing', {
              what: term(t, 'criterion', one.criterion),
              gap: show(one.unit, one.gap),
              threshold: show(one.unit, one.threshold),
            });
            const share =
              one.criterion !== 'recency' && typeof one.figure === 'number' && one.threshold > 0
                ? Math.max(0, Math.min(1, one.figure / one.threshold))
                : null;
            return (
              <div key={one.criterion}>
                <p>{text}</p>
                {share !== null && <Meter share={share} label={text} />}
              </div>
            );
          })}
          {why.next_level.any && why.next_level.missing.length > 1 && (
            <p className={styles.quiet}>{t('why.any')}</p>
          )}
        </div>
      )}
      <p className={styles.fine}>
        {t('why.source', {
          version: why.scheme_version,
          from: format.day(why.window.from),
          to: format.day(why.window.to),
        })}{' '}
        {grade.tier_since && t('why.since', { date: format.day(grade.tier_since) })}{' '}
        {grade.tier_review && t('why.review', { date: format.day(grade.tier_review) })}
      </p>
    </Panel>
  );
}

/** Names of tier codes in the person's language. */
export function useTierName(): (code: unknown) => string {
  const { t } = useTranslation('customers');
  const label = useLabel();
  const levels = useQuery(tiersQuery).data?.published.levels ?? [];
  return (code) => {
    if (typeof code !== 'string' || code === '') return t('why.no_tier');
    const level = levels.find((one) => one.code === code);
    return level ? label(level.name) : code;
  };
}

function dayOf(value: unknown, format: (day: string) => string): string {
  return typeof value === 'string' ? format(value) : '';
}
