import { Button, Modal, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '@/lib/problem-text';
import { useCan, useSession } from '@/lib/session';
import { useFormat, useLanguage } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import { FormError, useFieldError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet } from '@/ui/sheet';
import { showDone, showFailed } from '@/ui/undo-toast';
import { type User, useChangeUser, useCreateUser, usersQuery } from './api';
import styles from './settings.module.css';

/** Everybody who can sign in. */
export function UsersTab() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const query = useQuery(usersQuery);
  const allowed = useCan('system.edit');
  const [adding, setAdding] = useState(false);
  return (
    <QueryView query={query}>
      {({ items }) => (
        <Panel
          title={t('users.title')}
          subtitle={t('users.subtitle')}
          actions={
            allowed && (
              <Button
                leftSection={<IconUserPlus size={17} aria-hidden />}
                onClick={() => setAdding(true)}
              >
                {t('users.add')}
              </Button>
            )
          }
          flush
        >
          <Sheet
            caption={t('users.title')}
            rows={items}
            rowKey={(user) => user.id}
            columns={[
              { key: 'name', header: t('users.name'), cell: (user) => user.name },
              { key: 'email', header: t('users.email'), cell: (user) => user.email },
              {
                key: 'role',
                header: t('users.role'),
                cell: (user) => t(`role.${user.role}`, { defaultValue: user.role }),
              },
              {
                key: 'state',
                header: t('users.state'),
                cell: (user) =>
                  user.active ? (
                    <Tag label={t('users.active')} tone="good" />
                  ) : (
                    <Tag label={t('users.inactive')} />
                  ),
              },
              {
                key: 'since',
                header: t('users.since'),
                cell: (user) => format.day(user.created_at),
              },
              {
                key: 'actions',
                header: <span className="visually-hidden">{t('users.actions')}</span>,
                align: 'end',
                cell: (user) => allowed && <ActiveButton user={user} />,
              },
            ]}
          />
          {adding && <AddUser onClose={() => setAdding(false)} />}
        </Panel>
      )}
    </QueryView>
  );
}

function ActiveButton({ user }: { user: User }) {
  const { t } = useTranslation('settings');
  const me = useSession().user.id;
  const describe = useProblemText();
  const change = useChangeUser();
  if (user.id === me) return <span className={styles.quiet}>{t('users.you')}</span>;
  return (
    <Button
      size="xs"
      variant="default"
      loading={change.isPending}
      onClick={() =>
        change.mutate(
          { user, change: { active: !user.active } },
          { onError: (error) => showFailed(describe(error)) },
        )
      }
    >
      {user.active ? t('users.deactivate') : t('users.activate')}
    </Button>
  );
}

function AddUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const create = useCreateUser();
  const fieldError = useFieldError(create.error);
  const [values, setValues] = useState({ name: '', email: '', password: '' });
  const [language, setLanguage] = useState<string>(useLanguage());

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    create.mutate(
      { ...values, language },
      {
        onSuccess: ({ name }) => {
          showDone(t('users.added', { name }));
          onClose();
        },
      },
    );
  }

  const text = (key: keyof typeof values) => ({
    required: true,
    withAsterisk: false,
    label: t(`users.${key}`),
    value: values[key],
    error: fieldError(key),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setValues((old) => ({ ...old, [key]: value }));
    },
  });

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('users.add')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form className={styles.form} onSubmit={onSubmit}>
        <TextInput {...text('name')} data-autofocus autoComplete="off" />
        <TextInput {...text('email')} type="email" autoComplete="off" />
        <PasswordInput
          {...text('password')}
          description={t('users.password_hint')}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('users.show_password') }}
        />
        <div>
          <span className={styles.label}>{t('users.language')}</span>
          <SegmentedControl
            fullWidth
            aria-label={t('users.language')}
            value={language}
            data={[
              { value: 'en', label: t('nav:language.en') },
              { value: 'zh', label: t('nav:language.zh') },
            ]}
            onChange={setLanguage}
          />
        </div>
        <FormError error={create.error} />
        <Button type="submit" loading={create.isPending}>
          {t('users.add')}
        </Button>
      </form>
    </Modal>
  );
}
