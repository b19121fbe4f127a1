import { Button, Checkbox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/ui/panel';
import type { Scheme } from './api';
import { LevelCard } from './level-card';
import {
  addLevel,
  CRITERIA,
  modeOf,
  moveLevel,
  removeLevel,
  type SchemeProblems,
  usedCriteria,
  withLevel,
  withoutCriterion,
} from './scheme';
import styles from './tiers.module.css';
import { useSchemeProblem } from './use-scheme-problem';

type Props = {
  scheme: Scheme;
  problems: SchemeProblems;
  onChange: (scheme: Scheme) => void;
};

/** The levels from the highest down, each with its thresholds, looks and benefits. */
export function LevelsPanel({ scheme, problems, onChange }: Props) {
  const { t } = useTranslation('tiers');
  const problem = useSchemeProblem(problems);
  const [opened, setOpened] = useState<string[]>([]);
  const used = usedCriteria(scheme);
  const asked = CRITERIA.filter((key) => used.includes(key) || opened.includes(key));
  const criteria = modeOf(scheme) === 'weighted' ? ['score'] : asked;
  const last = scheme.levels.length - 1;

  function toggle(criterion: string, on: boolean) {
    setOpened((old) => (on ? [...old, criterion] : old.filter((one) => one !== criterion)));
    if (!on && used.includes(criterion)) onChange(withoutCriterion(scheme, criterion));
  }

  return (
    <Panel
      title={t('levels.title')}
      subtitle={t('levels.subtitle')}
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={17} aria-hidden />}
          onClick={() => onChange(addLevel(scheme))}
        >
          {t('levels.add')}
        </Button>
      }
    >
      <div className={styles.form}>
        {modeOf(scheme) !== 'weighted' && (
          <fieldset className={styles.group}>
            <legend>{t('levels.criteria')}</legend>
            <div className={styles.checks}>
              {CRITERIA.map((criterion) => (
                <Checkbox
                  key={criterion}
                  label={t(`criterion.${criterion}`)}
                  checked={asked.includes(criterion)}
                  onChange={(event) => toggle(criterion, event.currentTarget.checked)}
                />
              ))}
            </div>
          </fieldset>
        )}
        {problem('levels') && <p className={styles.error}>{problem('levels')}</p>}
        <ol className={styles.levels} reversed>
          {scheme.levels
            .map((level, at) => (
              <LevelCard
                key={level.code}
                scheme={scheme}
                level={level}
                at={at}
                criteria={criteria}
                problems={problems}
                onChange={(next) => onChange(withLevel(scheme, at, next))}
                onUp={at < last ? () => onChange(moveLevel(scheme, at, 1)) : undefined}
                onDown={at > 0 ? () => onChange(moveLevel(scheme, at, -1)) : undefined}
                onRemove={last > 0 ? () => onChange(removeLevel(scheme, at)) : undefined}
              />
            ))
            .reverse()}
        </ol>
      </div>
    </Panel>
  );
}
