import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '@/ui/choice-cards';
import { Panel } from '@/ui/panel';
import type { Scheme } from './api';
import { NumberField } from './number-field';
import { MODES, modeOf, type SchemeProblems, withMode } from './scheme';
import styles from './tiers.module.css';
import { useSchemeProblem } from './use-scheme-problem';
import { WeightsEditor } from './weights-editor';

type Props = {
  scheme: Scheme;
  problems: SchemeProblems;
  onChange: (scheme: Scheme) => void;
};

/** How a level is reached, over which window, and how it is kept. */
export function RulePanel({ scheme, problems, onChange }: Props) {
  const { t } = useTranslation('tiers');
  const problem = useSchemeProblem(problems);
  return (
    <Panel title={t('rules')}>
      <div className={styles.form}>
        <ChoiceCards
          label={t('mode.label')}
          value={modeOf(scheme)}
          onChange={(mode) => onChange(withMode(scheme, mode))}
          choices={MODES.map((value) => ({
            value,
            title: t(`mode.${value}`),
            hint: t(`mode_hint.${value}`),
          }))}
        />
        {modeOf(scheme) === 'weighted' && (
          <WeightsEditor scheme={scheme} problems={problems} onChange={onChange} />
        )}
        <div className={styles.fields}>
          <NumberField
            label={t('field.window_days')}
            hint={t('field.window_days_hint')}
            unit={t('unit.days')}
            value={scheme.window_days}
            error={problem('window_days')}
            onChange={(value) => onChange({ ...scheme, window_days: value ?? 0 })}
          />
          <NumberField
            label={t('field.review_months')}
            hint={t('field.review_months_hint')}
            unit={t('unit.months')}
            value={scheme.review_months}
            error={problem('review_months')}
            onChange={(value) => onChange({ ...scheme, review_months: value ?? 0 })}
          />
          <NumberField
            label={t('field.grace_days')}
            hint={t('field.grace_days_hint')}
            unit={t('unit.days')}
            value={scheme.grace_days}
            error={problem('grace_days')}
            onChange={(value) => onChange({ ...scheme, grace_days: value ?? 0 })}
          />
        </div>
        <Checkbox
          label={t('field.refunds_may_demote')}
          description={t('field.refunds_may_demote_hint')}
          checked={scheme.refunds_may_demote}
          onChange={(event) =>
            onChange({ ...scheme, refunds_may_demote: event.currentTarget.checked })
          }
        />
      </div>
    </Panel>
  );
}
