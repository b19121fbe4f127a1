import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Scheme, Weight } from './api';
import { MoneyField, NumberField } from './number-field';
import { CRITERIA, type SchemeProblems, weightsOf } from './scheme';
import styles from './tiers.module.css';
import { useSchemeProblem } from './use-scheme-problem';

type Props = {
  scheme: Scheme;
  problems: SchemeProblems;
  onChange: (scheme: Scheme) => void;
};

/** What gives how many points in a weighted scheme. */
export function WeightsEditor({ scheme, problems, onChange }: Props) {
  const { t } = useTranslation('tiers');
  const problem = useSchemeProblem(problems);
  const weights = weightsOf(scheme);
  const free = CRITERIA.filter((key) => !weights.some((weight) => weight.criterion === key));

  function set(next: Weight[]) {
    onChange({ ...scheme, rule: { mode: 'weighted', weights: next } });
  }

  function change(at: number, part: Partial<Weight>) {
    set(weights.map((weight, index) => (index === at ? { ...weight, ...part } : weight)));
  }

  return (
    <fieldset className={styles.group}>
      <legend>{t('weights.title')}</legend>
      {problem('rule.weights') && <p className={styles.error}>{problem('rule.weights')}</p>}
      {weights.map((weight, at) => {
        const unit = {
          label: t('weights.unit'),
          value: weight.unit,
          error: problem(`rule.weights.${at}`),
          onChange: (value: number | null) => change(at, { unit: value ?? 0 }),
        };
        return (
          <div key={weight.criterion} className={styles.weight}>
            <strong>{t(`criterion.${weight.criterion}`)}</strong>
            {weight.criterion === 'spend' ? (
              <MoneyField {...unit} currency={scheme.currency} />
            ) : (
              <NumberField {...unit} unit={t(`criterion_unit.${weight.criterion}`)} />
            )}
            <NumberField
              label={t('weights.points')}
              value={weight.points}
              onChange={(value) => change(at, { points: value ?? 0 })}
            />
            <NumberField
              label={t('weights.cap')}
              value={weight.cap}
              onChange={(value) => change(at, { cap: value ?? 0 })}
            />
            <ActionIcon
              aria-label={t('common:action.remove_named', {
                name: t(`criterion.${weight.criterion}`),
              })}
              onClick={() => set(weights.filter((_, index) => index !== at))}
            >
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          </div>
        );
      })}
      <div className={styles.actions}>
        {free.map((criterion) => (
          <Button
            key={criterion}
            size="xs"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() =>
              set([
                ...weights,
                { criterion, unit: criterion === 'spend' ? 10_000 : 1, points: 1, cap: 100 },
              ])
            }
          >
            {t(`criterion.${criterion}`)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
