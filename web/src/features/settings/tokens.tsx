import { Button, Checkbox, Modal, Select, Switch, TextInput } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useOnce } from '@/lib/use-once';
import { ConfirmDialog } from '@/ui/confirm';
import { CopyField } from '@/ui/copy-field';
import { FormError, useFieldError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet } from '@/ui/sheet';
import { EmptyState } from '@/ui/states';
import { type Token, tokensQuery, useCreateToken, useDeleteToken } from './api';
import styles from './settings.module.css';

/** The keys with which other programs use the API in one's name. */
export function Tokens() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const query = useQuery(tokensQuery);
  const allowed = useCan('tokens.create');
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Token | null>(null);
  const add = allowed && (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setAdding(true)}>
      {t('tokens.add')}
    </Button>
  );
  return (
    <QueryView query={query}>
      {({ items }) => (
        <Panel
          title={t('tokens.title')}
          subtitle={t('tokens.subtitle')}
          actions={items.length > 0 && add}
          flush
        >
          {items.length === 0 ? (
            <EmptyState
              icon={<IconKey size={28} aria-hidden />}
              title={t('tokens.empty')}
              action={add}
            />
          ) : (
            <Sheet
              caption={t('tokens.title')}
              rows={items}
              rowKey={(token) => token.id}
              columns={[
                { key: 'name', header: t('tokens.name'), cell: (token) => token.name },
                {
                  key: 'created',
                  header: t('tokens.created'),
                  cell: (token) => format.instant(token.created_at),
                },
                {
                  key: 'rights',
                  header: t('tokens.rights'),
                  cell: (token) => token.permissions?.join(', ') ?? t('tokens.all_rights'),
                },
                {
                  key: 'ends',
                  header: t('tokens.ends'),
                  cell: (token) =>
                    token.expires_at ? format.day(token.expires_at) : t('tokens.endless'),
                },
                {
                  key: 'used',
                  header: t('tokens.used'),
                  cell: (token) =>
                    token.last_used_at ? format.instant(token.last_used_at) : t('tokens.never'),
                },
                {
                  key: 'remove',
                  header: <span className="visually-hidden">{t('common:action.remove')}</span>,
                  align: 'end',
                  cell: (token) =>
                    allowed && (
                      <Button size="xs" variant="default" onClick={() => setRemoving(token)}>
                        {t('tokens.remove')}
                      </Button>
                    ),
                },
              ]}
            />
          )}
          {adding && <AddToken onClose={() => setAdding(false)} />}
          {removing && <RemoveToken token={removing} onClose={() => setRemoving(null)} />}
        </Panel>
      )}
    </QueryView>
  );
}

function AddToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const rightName = (permission: string) => {
    const [noun, action] = permission.split('.');
    return t('tokens.right', {
      noun: t(`people:noun.${noun}`),
      action: t(`people:action.${action}`),
    });
  };
  const create = useCreateToken();
  const fieldError = useFieldError(create.error);
  const once = useOnce(create.isPending);
  const session = useSession();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [narrow, setNarrow] = useState(false);
  const [rights, setRights] = useState<string[]>([]);
  const made = create.data;

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    const permissions = narrow ? rights : null;
    once(() => create.mutate({ name, days: days ? Number(days) : null, permissions }));
  }

  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!made}
      title={made ? t('tokens.made', { name: made.name }) : t('tokens.add')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {made ? (
        <div className={styles.form}>
          <Note tone="warn">{t('tokens.once')}</Note>
          <CopyField label={t('tokens.secret')} value={made.secret} />
          <p className={styles.quiet}>{t('tokens.how')}</p>
          <Button onClick={onClose}>{t('common:action.done')}</Button>
        </div>
      ) : (
        <form className={styles.form} onSubmit={onSubmit}>
          <TextInput
            label={t('tokens.name')}
            description={t('tokens.name_hint')}
            required
            withAsterisk={false}
            data-autofocus
            maxLength={80}
            value={name}
            error={fieldError('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t('tokens.ends')}
            allowDeselect={false}
            data={[
              ...['30', '90', '365'].map((value) => ({
                value,
                label: t('tokens.days', { count: Number(value) }),
              })),
              { value: '', label: t('tokens.endless') },
            ]}
            value={days}
            onChange={(value) => setDays(value ?? '')}
          />
          <Switch
            label={t('tokens.narrow')}
            description={t('tokens.narrow_hint')}
            checked={narrow}
            onChange={(event) => setNarrow(event.currentTarget.checked)}
          />
          {narrow && (
            <Checkbox.Group
              label={t('tokens.rights')}
              value={rights}
              error={fieldError('permissions')}
              onChange={setRights}
            >
              <div className={styles.rights}>
                {session.permissions.map((permission) => (
                  <Checkbox
                    key={permission}
                    size="xs"
                    value={permission}
                    label={rightName(permission)}
                  />
                ))}
              </div>
            </Checkbox.Group>
          )}
          <FormError error={create.error} />
          <Button type="submit" loading={create.isPending} disabled={narrow && rights.length === 0}>
            {t('tokens.add')}
          </Button>
        </form>
      )}
    </Modal>
  );
}

function RemoveToken({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const remove = useDeleteToken();
  return (
    <ConfirmDialog
      opened
      title={t('tokens.remove_title', { name: token.name })}
      confirm={t('tokens.remove')}
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(token.id, { onSuccess: onClose })}
    >
      {t('tokens.remove_text')}
    </ConfirmDialog>
  );
}
