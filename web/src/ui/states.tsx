import {
  IconAlertTriangle,
  IconCloudOff,
  IconCopy,
  IconLock,
  IconMoodEmpty,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isForbidden, toProblem } from '@/api/problem';
import { useProblemText } from '@/lib/problem-text';
import styles from './states.module.css';

type EmptyProps = { icon?: ReactNode; title: string; action?: ReactNode; children?: ReactNode };

/** Nothing to show: one sentence and one action. */
export function EmptyState({ icon, title, action, children }: EmptyProps) {
  return (
    <div className={styles.state}>
      <div className={styles.icon}>{icon ?? <IconMoodEmpty size={28} aria-hidden />}</div>
      <p className={styles.title}>{title}</p>
      {children}
      {action}
    </div>
  );
}

type ErrorProps = { error: unknown; onRetry?: () => void };

/** What happened, that data is safe, what to do, and an id to quote. */
export function ErrorState({ error, onRetry }: ErrorProps) {
  const { t } = useTranslation();
  const describe = useProblemText();
  const problem = toProblem(error);
  if (isForbidden(problem)) return <ForbiddenState />;
  const Icon = problem.code === 'offline' ? IconCloudOff : IconAlertTriangle;
  return (
    <div className={styles.state} role="alert">
      <div className={styles.icon} data-tone="bad">
        <Icon size={28} aria-hidden />
      </div>
      <p className={styles.title}>{describe(problem)}</p>
      <p className={styles.hint}>{t('error.safe')}</p>
      {problem.requestId && <RequestId id={problem.requestId} />}
      {onRetry && (
        <button type="button" className={styles.action} onClick={onRetry}>
          {t('action.retry')}
        </button>
      )}
    </div>
  );
}

/** The person may not see this screen. */
export function ForbiddenState() {
  const { t } = useTranslation();
  return (
    <EmptyState icon={<IconLock size={28} aria-hidden />} title={t('error.forbidden_screen')} />
  );
}

/** No screen has this address. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <main>
      <EmptyState
        title={t('error.no_screen')}
        action={
          <Link className={styles.action} to="/">
            {t('action.home')}
          </Link>
        }
      />
    </main>
  );
}

function RequestId({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <p className={styles.hint}>
      {t('error.request_id')} <code className="mono">{id}</code>{' '}
      <button
        type="button"
        className={styles.copy}
        aria-label={t('action.copy')}
        data-compact
        onClick={() => navigator.clipboard?.writeText(id)}
      >
        <IconCopy size={15} aria-hidden />
      </button>
    </p>
  );
}
