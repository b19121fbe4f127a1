import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/lib/use-format';
import type { Level, Scheme } from './api';
import { MoneyField, NumberField } from './number-field';
import { type SchemeProblems, withThreshold } from './scheme';
import styles from './tiers.module.css';
import { useSchemeProblem } from './use-scheme-problem';

type Props = {
  scheme: Scheme;
  level: Level;
  at: number;
  criteria: readonly string[];
  problems: SchemeProblems;
  onChange: (level: Level) => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onRemove: (() => void) | undefined;
};

/** One level: its looks, what it asks for and what it gives. */
export function LevelCard(props: Props) {
  const { scheme, level, at, criteria, problems, onChange } = props;
  const { t } = useTranslation('tiers');
  const label = useLabel();
  const problem = useSchemeProblem(problems);
  const path = `levels.${at}`;
  const name = label(level.name) || t('levels.unnamed');
  const own = problem(path) ?? problem(`${path}.code`);

  return (
    <li className={styles.level} style={{ '--level': level.color } as React.CSSProperties}>
      <fieldset>
        <legend className="visually-hidden">{name}</legend>
        <div className={styles.levelHead}>
          <label className={styles.color}>
            <span className="visually-hidden">{t('levels.color')}</span>
            <input
              type="color"
              value={level.color}
              onChange={(event) => onChange({ ...level, color: event.currentTarget.value })}
            />
          </label>
          <TextInput
            label={t('levels.name_en')}
            lang="en"
            value={level.name.en}
            maxLength={40}
            error={problem(`${path}.name`)}
            onChange={(event) =>
              onChange({ ...level, name: { ...level.name, en: event.currentTarget.value } })
            }
          />
          <TextInput
            label={t('levels.name_zh')}
            lang="zh-Hans"
            value={level.name.zh}
            maxLength={40}
            error={problem(`${path}.name`) !== undefined}
            onChange={(event) =>
              onChange({ ...level, name: { ...level.name, zh: event.currentTarget.value } })
            }
          />
          <div className={styles.tools}>
            <Tool label={t('levels.up', { name })} run={props.onUp}>
              <IconArrowUp size={17} aria-hidden />
            </Tool>
            <Tool label={t('levels.down', { name })} run={props.onDown}>
              <IconArrowDown size={17} aria-hidden />
            </Tool>
            <Tool label={t('common:action.remove_named', { name })} run={props.onRemove}>
              <IconTrash size={17} aria-hidden />
            </Tool>
          </div>
        </div>
        {own && <p className={styles.error}>{own}</p>}
        <div className={styles.fields}>
          {criteria.map((criterion) => {
            const field = {
              label: t(`threshold.${criterion}`),
              placeholder: t('levels.not_asked'),
              value: level.thresholds[criterion] ?? null,
              error: problem(`${path}.thresholds.${criterion}`),
              onChange: (value: number | null) => onChange(withThreshold(level, criterion, value)),
            };
            return criterion === 'spend' ? (
              <MoneyField key={criterion} {...field} currency={scheme.currency} />
            ) : (
              <NumberField key={criterion} {...field} unit={t(`criterion_unit.${criterion}`)} />
            );
          })}
        </div>
        <Benefits level={level} onChange={onChange} />
      </fieldset>
    </li>
  );
}

type ToolProps = { label: string; run: (() => void) | undefined; children: ReactNode };

function Tool({ label, run, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={!run} onClick={run}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Benefits({ level, onChange }: { level: Level; onChange: (level: Level) => void }) {
  const { t } = useTranslation('tiers');
  const set = (benefits: Level['benefits']) => onChange({ ...level, benefits });
  const change = (at: number, part: Partial<Level['benefits'][number]>) =>
    set(level.benefits.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <div className={styles.benefits}>
      {level.benefits.map((benefit, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: benefits have no other key
        <div key={at} className={styles.benefit}>
          <TextInput
            aria-label={t('levels.benefit_en')}
            placeholder={t('levels.benefit_en')}
            lang="en"
            value={benefit.en}
            onChange={(event) => change(at, { en: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t('levels.benefit_zh')}
            placeholder={t('levels.benefit_zh')}
            lang="zh-Hans"
            value={benefit.zh}
            onChange={(event) => change(at, { zh: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={t('common:action.remove_named', { name: benefit.en || benefit.zh })}
            onClick={() => set(level.benefits.filter((_, index) => index !== at))}
          >
            <IconX size={17} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        variant="subtle"
        leftSection={<IconPlus size={15} aria-hidden />}
        onClick={() => set([...level.benefits, { en: '', zh: '' }])}
      >
        {t('levels.add_benefit')}
      </Button>
    </div>
  );
}
