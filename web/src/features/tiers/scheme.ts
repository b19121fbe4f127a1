import { ProblemError } from '@/api/problem';
import type { Level, Rule, Scheme, Weight } from './api';

/** Criteria a level can ask for directly; a weighted scheme asks for the score of them. */
export const CRITERIA = ['spend', 'frequency', 'tenure', 'recency'] as const;
export const MODES = ['any_of', 'all_of', 'weighted'] as const;
export type Mode = (typeof MODES)[number];

const COLORS = ['#64748b', '#8a9099', '#b7862f', '#5b5bd6', '#0f766e', '#9d2b6b'];

/** Removes what the wire adds to a scheme, so that it can be sent back. */
export function plainScheme(scheme: Scheme): Scheme {
  const { window_days, currency, rule, levels, review_months, grace_days, refunds_may_demote } =
    scheme;
  return { window_days, currency, rule, levels, review_months, grace_days, refunds_may_demote };
}

/** The mode of a rule, as one of the known ones. */
export function modeOf(scheme: Scheme): Mode {
  return MODES.find((mode) => mode === scheme.rule.mode) ?? 'any_of';
}

/** The scheme with another way of combining; thresholds that no longer fit are dropped. */
export function withMode(scheme: Scheme, mode: Mode): Scheme {
  const weighted = mode === 'weighted';
  const levels = scheme.levels.map((level) => ({
    ...level,
    thresholds: Object.fromEntries(
      Object.entries(level.thresholds).filter(([key]) => (key === 'score') === weighted),
    ),
  }));
  const rule: Rule = weighted
    ? { mode, weights: [{ criterion: 'spend', unit: 10_000, points: 1, cap: 100 }] }
    : { mode };
  return { ...scheme, rule, levels };
}

/** What gives points; nothing in schemes that do not weigh. */
export function weightsOf(scheme: Scheme): Weight[] {
  return 'weights' in scheme.rule ? scheme.rule.weights : [];
}

/** Criteria that any level asks for. */
export function usedCriteria(scheme: Scheme): string[] {
  return CRITERIA.filter((key) =>
    scheme.levels.some((level) => level.thresholds[key] !== undefined),
  );
}

/** The scheme without a criterion. */
export function withoutCriterion(scheme: Scheme, criterion: string): Scheme {
  const levels = scheme.levels.map((level) => withThreshold(level, criterion, null));
  return { ...scheme, levels };
}

/** The level with a threshold set or taken away. */
export function withThreshold(level: Level, criterion: string, value: number | null): Level {
  const { [criterion]: _, ...others } = level.thresholds;
  return {
    ...level,
    thresholds: value === null ? others : { ...others, [criterion]: value },
  };
}

/** The scheme with one level replaced. */
export function withLevel(scheme: Scheme, at: number, level: Level): Scheme {
  return { ...scheme, levels: scheme.levels.map((old, index) => (index === at ? level : old)) };
}

/** The scheme with a level moved one step. */
export function moveLevel(scheme: Scheme, at: number, step: 1 | -1): Scheme {
  const levels = [...scheme.levels];
  const [level] = levels.splice(at, 1);
  if (level) levels.splice(at + step, 0, level);
  return { ...scheme, levels };
}

/** The scheme with a new highest level, which asks for what the one below asks for. */
export function addLevel(scheme: Scheme): Scheme {
  const codes = new Set(scheme.levels.map((level) => level.code));
  let number = scheme.levels.length + 1;
  while (codes.has(`level_${number}`)) number += 1;
  const below = scheme.levels.at(-1);
  const level: Level = {
    code: `level_${number}`,
    name: { en: '', zh: '' },
    color: COLORS[scheme.levels.length % COLORS.length] ?? '#64748b',
    benefits: [],
    thresholds: Object.fromEntries(
      Object.entries(below?.thresholds ?? {}).filter(([, value]) => !Number.isNaN(value)),
    ),
  };
  return { ...scheme, levels: [...scheme.levels, level] };
}

/** The scheme without a level. */
export function removeLevel(scheme: Scheme, at: number): Scheme {
  return { ...scheme, levels: scheme.levels.filter((_, index) => index !== at) };
}

/** Whether a figure of the scheme is still an unreadable text in its field. */
export function hasUnread(scheme: Scheme): boolean {
  return [
    scheme.window_days,
    scheme.review_months,
    scheme.grace_days,
    ...weightsOf(scheme).flatMap(({ unit, points, cap }) => [unit, points, cap]),
    ...scheme.levels.flatMap((level) => Object.values(level.thresholds)),
  ].some(Number.isNaN);
}

/** What the server found wrong with a scheme, by the path of the field. */
export type SchemeProblems = Map<string, string>;

/** Reads the list of problems out of a refusal. */
export function problemsOf(error: unknown): SchemeProblems {
  const found: SchemeProblems = new Map();
  if (!(error instanceof ProblemError) || !Array.isArray(error.params.problems)) return found;
  for (const item of error.params.problems as unknown[]) {
    if (typeof item === 'object' && item !== null && 'path' in item && 'kind' in item) {
      found.set(String(item.path), String(item.kind));
    }
  }
  return found;
}
