import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isSessionOver, toProblem } from '@/api/problem';
import { useProblemText } from '@/lib/problem-text';
import styles from './form-error.module.css';

/** The focused summary above a form that was refused. */
export function FormError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const describe = useProblemText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) box.current?.focus();
  }, [error]);
  if (!error) return null;
  const problem = toProblem(error);
  return (
    <div ref={box} className={styles.box} role="alert" tabIndex={-1}>
      <strong>{describe(problem)}</strong>
      {isSessionOver(problem) && (
        <span>
          {t('session_over.kept')}{' '}
          <Link className={styles.link} to="/sign-in" target="_blank">
            {t('session_over.sign_in')}
          </Link>
        </span>
      )}
      {problem.requestId && (
        <span className={styles.id}>
          {t('error.request_id')} <code className="mono">{problem.requestId}</code>
        </span>
      )}
    </div>
  );
}

/** The message for one field, when the server's refusal names it. */
export function useFieldError(error: unknown): (field: string) => string | undefined {
  const describe = useProblemText();
  const problem = error ? toProblem(error) : null;
  return (field) => (problem?.field === field ? describe(problem) : undefined);
}
