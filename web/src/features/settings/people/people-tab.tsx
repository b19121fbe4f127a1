import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import { ConfirmDialog } from '@/ui/confirm';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet } from '@/ui/sheet';
import { BlockSkeleton } from '@/ui/skeleton';
import { showDone } from '@/ui/undo-toast';
import { type User, useInvite, useResetSecondFactor, usersQuery } from './api';
import { InvitationDialog } from './invitation-dialog';
import { LeaveDialog } from './leave-dialog';
import styles from './people.module.css';
import { PersonDialog } from './person-dialog';
import { usePlaces, useRoleNames } from './use-names';

/** Everybody who can sign in, with their roles and their place. */
export function PeopleTab() {
  const { t } = useTranslation('people');
  const format = useFormat();
  const query = useQuery(usersQuery);
  const [mayAdd, mayEdit] = [useCan('people.create'), useCan('people.edit')];
  const me = useSession().user.id;
  const roles = useRoleNames();
  const places = usePlaces();
  const [open, setOpen] = useState<User | 'new' | null>(null);
  const invite = useInvite();
  const [resetting, setResetting] = useState<User | null>(null);
  const [leaving, setLeaving] = useState<User | null>(null);
  return (
    <QueryView query={query}>
      {({ items }) =>
        roles.loading || places.loading ? (
          <BlockSkeleton />
        ) : (
          <Panel
            title={t('title')}
            subtitle={t('subtitle')}
            actions={
              mayAdd && (
                <Button
                  leftSection={<IconUserPlus size={17} aria-hidden />}
                  onClick={() => setOpen('new')}
                >
                  {t('add')}
                </Button>
              )
            }
            flush
          >
            <Sheet
              caption={t('title')}
              rows={items}
              rowKey={(user) => user.id}
              columns={[
                {
                  key: 'name',
                  header: t('name'),
                  cell: (user) => (
                    <span className={styles.person}>
                      {user.name}
                      {user.id === me && <span className={styles.quiet}>{t('you')}</span>}
                    </span>
                  ),
                },
                { key: 'email', header: t('email'), cell: (user) => user.email },
                {
                  key: 'roles',
                  header: t('roles'),
                  cell: (user) => (
                    <span className={styles.tags}>
                      {user.roles.map((role) => (
                        <Tag key={role} label={roles.nameOf(role)} />
                      ))}
                      {user.roles.length === 0 && <Tag label={t('no_role')} tone="warn" />}
                    </span>
                  ),
                },
                { key: 'place', header: t('place.title'), cell: (user) => places.nameOf(user) },
                {
                  key: 'state',
                  header: t('state'),
                  cell: (user) => (
                    <span className={styles.tags}>
                      <State user={user} />
                      {user.second_factor && <Tag label={t('factor.on')} />}
                    </span>
                  ),
                },
                {
                  key: 'since',
                  header: t('since'),
                  cell: (user) => format.day(user.created_at),
                },
                {
                  key: 'actions',
                  header: <span className="visually-hidden">{t('actions')}</span>,
                  align: 'end',
                  cell: (user) =>
                    mayEdit && (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t('edit_named', user)}
                        onClick={() => setOpen(user)}
                      >
                        {t('common:action.edit')}
                      </Button>
                    ),
                },
              ]}
            />
            {open && (
              <PersonDialog
                user={open === 'new' ? undefined : open}
                people={items}
                onClose={() => setOpen(null)}
                onInvite={(user) => {
                  setOpen(null);
                  invite.mutate(user);
                }}
                onResetFactor={(user) => {
                  setOpen(null);
                  setResetting(user);
                }}
                onLeave={(user) => {
                  setOpen(null);
                  setLeaving(user);
                }}
              />
            )}
            {invite.variables && <InvitationDialog user={invite.variables} invite={invite} />}
            {resetting && <ResetFactor user={resetting} onClose={() => setResetting(null)} />}
            {leaving && (
              <LeaveDialog user={leaving} people={items} onClose={() => setLeaving(null)} />
            )}
          </Panel>
        )
      }
    </QueryView>
  );
}

/** Takes the second factor of somebody who has lost it. */
function ResetFactor({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation('people');
  const reset = useResetSecondFactor();
  const onSuccess = () => {
    showDone(t('factor.reset_done', user));
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={t('factor.reset_title', user)}
      confirm={t('factor.reset')}
      danger
      busy={reset.isPending}
      error={reset.error}
      onClose={onClose}
      onConfirm={() => reset.mutate(user, { onSuccess })}
    >
      {t('factor.reset_text', user)}
    </ConfirmDialog>
  );
}

/** Whether somebody may sign in, and has a password to do so with. */
function State({ user }: { user: User }) {
  const { t } = useTranslation('people');
  const format = useFormat();
  if (!user.active) return <Tag label={t('inactive')} />;
  if (user.joined) return <Tag label={t('active')} tone="good" />;
  return user.invited_until ? (
    <Tag label={t('invited', { at: format.day(user.invited_until) })} tone="accent" />
  ) : (
    <Tag label={t('not_joined')} tone="warn" />
  );
}
