import { useTranslation } from 'react-i18next';
import type { SchemeProblems } from './scheme';

/** What the server said about a field of the scheme, in the person's language. */
export function useSchemeProblem(problems: SchemeProblems) {
  const { t } = useTranslation('tiers');
  return (path: string): string | undefined => {
    const kind = problems.get(path);
    return kind && t(`problem.${kind}`, { defaultValue: t('problem.other') });
  };
}
