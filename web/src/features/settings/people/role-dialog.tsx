import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/lib/session';
import { DialogForm } from '@/ui/dialog-form';
import { useFieldError } from '@/ui/form-error';
import { showDone } from '@/ui/undo-toast';
import {
  type Grants,
  type Reach,
  type Role,
  roleGridQuery,
  useDeleteRole,
  useSaveRole,
} from './api';
import styles from './people.module.css';
import { useNameOfRole } from './use-names';

const REACHES: Reach[] = ['own', 'reports', 'team', 'store', 'subtree', 'all'];
const NOTHING = { actions: [], reach: 'all' } satisfies Grants[string];

type Props = {
  /** None for a new one. */
  role?: Role | undefined;
  roles: Role[];
  onClose: () => void;
};

/** The grid of a role: nouns, what may be done with them, and how far that reaches. */
export function RoleDialog({ role, roles, onClose }: Props) {
  const { t } = useTranslation('people');
  const nameOf = useNameOfRole();
  const grid = useQuery(roleGridQuery).data ?? [];
  const mayEdit = useCan('roles.edit');
  const [save, remove] = [useSaveRole(), useDeleteRole()];
  const error = save.error ?? remove.error;
  const fieldError = useFieldError(error);
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(role?.description ?? '');
  const [grants, setGrants] = useState<Grants>(role?.grants ?? {});
  const fixed = !mayEdit || (role !== undefined && !role.id);

  function grant(noun: string, next: Partial<Grants[string]>) {
    setGrants((old) => ({ ...old, [noun]: { ...(old[noun] ?? NOTHING), ...next } }));
  }
  function toggle(noun: string, action: string, on: boolean) {
    const held = new Set(grants[noun]?.actions);
    if (on) held.add(action).add('see');
    else if (action === 'see') held.clear();
    else held.delete(action);
    // What cannot be seen at all has no "see" to hold.
    const known = grid.find((row) => row.noun === noun)?.actions ?? [];
    grant(noun, { actions: known.filter((one) => held.has(one)) });
  }
  function submit() {
    if (fixed) return onClose();
    const given = Object.fromEntries(
      Object.entries(grants).filter(([, { actions }]) => actions.length > 0),
    );
    save.mutate(
      { role, body: { name, description, grants: given } },
      {
        onSuccess: () => {
          showDone(t('saved', { name }));
          onClose();
        },
      },
    );
  }

  return (
    <DialogForm
      size="lg"
      title={role ? nameOf(role) : t('role_add')}
      error={error}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
      readOnly={fixed}
    >
      {!fixed && (
        <div className={styles.fields}>
          <TextInput
            label={t('role_name')}
            required
            withAsterisk={false}
            data-autofocus
            maxLength={80}
            value={name}
            error={fieldError('name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('role_description')}
            maxLength={200}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {!role && (
            <Select
              label={t('role_start')}
              allowDeselect={false}
              data={[
                { value: '', label: t('role_start_nothing') },
                ...roles.map((one) => ({ value: one.key, label: nameOf(one) })),
              ]}
              defaultValue=""
              onChange={(key) => setGrants(roles.find((one) => one.key === key)?.grants ?? {})}
            />
          )}
        </div>
      )}
      <ul className={styles.grid} aria-label={t('role_grid')}>
        {grid.map(({ noun, actions, has_rows }) => (
          <li key={noun} className={styles.noun}>
            <span className={styles.noun_name}>{t(`noun.${noun}`)}</span>
            <span className={styles.noun_actions}>
              {actions.map((action) => (
                <Checkbox
                  key={action}
                  size="xs"
                  label={t(`action.${action}`)}
                  aria-label={`${t(`noun.${noun}`)}: ${t(`action.${action}`)}`}
                  disabled={fixed}
                  checked={grants[noun]?.actions.includes(action) ?? false}
                  onChange={(event) => toggle(noun, action, event.currentTarget.checked)}
                />
              ))}
            </span>
            {has_rows && (
              <Select
                size="xs"
                className={styles.reach}
                aria-label={t('reach_of', { noun: t(`noun.${noun}`) })}
                allowDeselect={false}
                disabled={fixed || !grants[noun]?.actions.length}
                data={REACHES.map((value) => ({ value, label: t(`reach.${value}`) }))}
                value={grants[noun]?.reach ?? 'all'}
                onChange={(reach) => grant(noun, { reach: reach as Reach })}
              />
            )}
          </li>
        ))}
      </ul>
      {role?.id && mayEdit && (
        <div>
          <Button
            variant="subtle"
            color="red"
            disabled={role.people > 0}
            loading={remove.isPending}
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => role.id && remove.mutate(role.id, { onSuccess: onClose })}
          >
            {t('role_delete')}
          </Button>
          {role.people > 0 && <span className={styles.quiet}>{t('role_delete_used')}</span>}
        </div>
      )}
    </DialogForm>
  );
}
