import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '@/lib/problem-text';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet } from '@/ui/sheet';
import { showFailed } from '@/ui/undo-toast';
import { secondFactorQuery, sessionsQuery, tokensQuery, useEndSession } from './api';
import { OwnSignIn } from './own-sign-in';
import styles from './settings.module.css';
import { Tokens } from './tokens';

/** How and where one signs in, and the tokens of one's programs. */
export function AccessTab() {
  const mayCreate = useCan('tokens.create');
  // All or none, so that nothing moves when the others come.
  const tokens = useQuery({ ...tokensQuery, enabled: mayCreate });
  const factor = useQuery(secondFactorQuery);
  const others = tokens.isLoading || factor.isLoading;
  const query = useQuery({ ...sessionsQuery, enabled: !others });
  return (
    <QueryView query={query}>
      {() => (
        <div className={styles.form}>
          <OwnSignIn />
          <Sessions />
          {mayCreate && <Tokens />}
        </div>
      )}
    </QueryView>
  );
}

function Sessions() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const describe = useProblemText();
  const sessions = useQuery(sessionsQuery).data?.items ?? [];
  const end = useEndSession();
  return (
    <Panel title={t('sessions.title')} subtitle={t('sessions.subtitle')} flush>
      <Sheet
        caption={t('sessions.title')}
        rows={sessions}
        rowKey={(session) => session.id}
        columns={[
          {
            key: 'browser',
            header: t('sessions.browser'),
            cell: (session) => browserOf(session.user_agent) || t('sessions.unknown'),
          },
          { key: 'address', header: t('sessions.address'), cell: (session) => session.address },
          {
            key: 'since',
            header: t('sessions.since'),
            cell: (session) => format.instant(session.created_at),
          },
          {
            key: 'ends',
            header: t('sessions.ends'),
            cell: (session) => format.day(session.expires_at),
          },
          {
            key: 'actions',
            header: <span className="visually-hidden">{t('sessions.end')}</span>,
            align: 'end',
            cell: (session) =>
              session.current ? (
                <Tag label={t('sessions.current')} tone="good" />
              ) : (
                <Button
                  size="xs"
                  variant="default"
                  loading={end.isPending && end.variables === session.id}
                  onClick={() =>
                    end.mutate(session.id, { onError: (error) => showFailed(describe(error)) })
                  }
                >
                  {t('sessions.end')}
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  );
}

const BROWSERS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'];
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'];
const NAMES: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS': 'macOS' };

/** What people call a browser, out of what it calls itself. */
function browserOf(agent: string): string {
  const found = [BROWSERS, SYSTEMS].map((words) => words.find((word) => agent.includes(word)));
  return found.flatMap((word) => (word ? [NAMES[word] ?? word] : [])).join(' · ');
}
