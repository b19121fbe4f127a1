import { useTranslation } from 'react-i18next';
import { toProblem } from '@/api/problem';

/** Says in the person's language what a refusal means; the server sends code and parameters. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    const problem = toProblem(error);
    const values = { ...problem.params, status: problem.status };
    for (const key of [`problems:${problem.code}`, `problems:http_${problem.status}`]) {
      if (i18n.exists(key)) return t(key, values);
    }
    return t('problems:unexpected', values);
  };
}
