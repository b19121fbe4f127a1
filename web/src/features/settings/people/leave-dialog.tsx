import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { ConfirmDialog } from '@/ui/confirm';
import { QueryView } from '@/ui/query-view';
import { showDone } from '@/ui/undo-toast';
import { belongingsQuery, type User, useLeave } from './api';
import styles from './people.module.css';
import { PersonSelect } from './person-select';

type Props = { user: User; people: User[]; onClose: () => void };

/** Takes a person out of the chain and gives what they looked after to a successor. */
export function LeaveDialog({ user, people, onClose }: Props) {
  const { t } = useTranslation('people');
  const format = useFormat();
  const belongings = useQuery(belongingsQuery(user.id));
  const leave = useLeave();
  const [successor, setSuccessor] = useState(user.manager_id ?? '');
  const count = (key: string, number: number) =>
    t(`leave.${key}`, { count: number, number: format.count(number) });
  return (
    <ConfirmDialog
      opened
      title={t('leave.title', user)}
      confirm={t('leave.confirm')}
      danger
      busy={leave.isPending}
      error={leave.error}
      onClose={onClose}
      onConfirm={() =>
        leave.mutate(
          { user, successor: successor || null },
          {
            onSuccess: () => {
              showDone(t('leave.done', user));
              onClose();
            },
          },
        )
      }
    >
      <p>{t('leave.text')}</p>
      <QueryView query={belongings}>
        {({ customers, reports, shared_views: views, tokens }) => {
          const handed = Object.entries({ customers, reports, views }).filter(([, one]) => one > 0);
          return (
            <>
              {tokens > 0 && <p>{count('tokens', tokens)}</p>}
              {handed.length === 0 ? (
                <p>{t('leave.nothing')}</p>
              ) : (
                <>
                  <p>{t('leave.goes_over')}</p>
                  <ul className={styles.list}>
                    {handed.map(([key, one]) => (
                      <li key={key}>{count(key, one)}</li>
                    ))}
                  </ul>
                  <PersonSelect
                    label={t('leave.successor')}
                    description={t('leave.successor_hint')}
                    people={people}
                    except={user.id}
                    value={successor}
                    onChange={setSuccessor}
                  />
                </>
              )}
            </>
          );
        }}
      </QueryView>
    </ConfirmDialog>
  );
}
