import {
  Button,
  Checkbox,
  PasswordInput,
  SegmentedControl,
  Select,
  Switch,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/lib/session';
import { useLanguage } from '@/lib/use-format';
import { DialogForm } from '@/ui/dialog-form';
import { useFieldError } from '@/ui/form-error';
import { showDone } from '@/ui/undo-toast';
import { rolesQuery, type User, useChangeUser, useCreateUser } from './api';
import styles from './people.module.css';
import { PersonSelect } from './person-select';
import { UnitSelect } from './unit-select';
import { useNameOfRole, usePlaces, useTeamChoices } from './use-names';

type Props = {
  /** Nobody yet when somebody is added. */
  user?: User | undefined;
  people: User[];
  onClose: () => void;
  /** Goes on to a link by which a person chooses their own password. */
  onInvite: (user: User) => void;
  /** Goes on to taking away the second factor of somebody who has lost it. */
  onResetFactor: (user: User) => void;
  /** Goes on to taking the person out of the chain. */
  onLeave: (user: User) => void;
};

/** Adds a person, or changes what one is called, may do, and where they work. */
export function PersonDialog(props: Props) {
  const { user, people, onClose, onInvite, onResetFactor, onLeave } = props;
  const { t } = useTranslation('people');
  const own = useLanguage();
  const me = useSession().user.id;
  const [create, change] = [useCreateUser(), useChangeUser()];
  const saving = user ? change : create;
  const fieldError = useFieldError(saving.error);
  const places = usePlaces();
  const teams = useTeamChoices();
  const roles = useQuery(rolesQuery).data?.items ?? [];
  const nameOfRole = useNameOfRole();
  const [values, setValues] = useState({
    name: user?.name ?? '',
    email: user?.email ?? '',
    password: '',
    language: user?.language ?? own,
    active: user?.active ?? true,
    roles: user?.roles ?? [],
    place: user?.store_id ?? user?.unit_id ?? '',
    team: user?.team_id ?? '',
    manager: user?.manager_id ?? '',
  });
  const set = (next: Partial<typeof values>) => setValues((old) => ({ ...old, ...next }));

  function submit() {
    const { name, email, password, language, active, place, team, manager } = values;
    const common = {
      name,
      language,
      roles: values.roles,
      store_id: place.startsWith('sto_') ? place : null,
      unit_id: place.startsWith('unt_') ? place : null,
      team_id: team || null,
      manager_id: manager || null,
    };
    const done = {
      onSuccess: (saved: User) => {
        if (!user && !password) return onInvite(saved);
        showDone(t(user ? 'saved' : 'added', { name }));
        onClose();
      },
    };
    if (user) {
      const secret = password ? { password } : {};
      change.mutate({ user, change: { ...common, ...secret, active } }, done);
    } else {
      create.mutate({ ...common, email, password: password || null }, done);
    }
  }

  return (
    <DialogForm
      size="lg"
      title={user ? t('edit_named', user) : t('add')}
      error={saving.error}
      busy={saving.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className={styles.fields}>
        <TextInput
          label={t('name')}
          required
          withAsterisk={false}
          data-autofocus
          autoComplete="off"
          value={values.name}
          error={fieldError('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t('email')}
          type="email"
          required
          withAsterisk={false}
          autoComplete="off"
          disabled={Boolean(user)}
          value={values.email}
          error={fieldError('email')}
          onChange={(event) => set({ email: event.currentTarget.value })}
        />
        <PasswordInput
          label={t(user ? 'new_password' : 'password')}
          description={t(user ? 'new_password_hint' : 'password_hint')}
          withAsterisk={false}
          autoComplete="new-password"
          value={values.password}
          error={fieldError('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('show_password') }}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
        <div>
          <span className={styles.label}>{t('language')}</span>
          <SegmentedControl
            fullWidth
            aria-label={t('language')}
            value={values.language}
            data={[
              { value: 'en', label: t('nav:language.en') },
              { value: 'zh', label: t('nav:language.zh') },
            ]}
            onChange={(language) => set({ language })}
          />
        </div>
      </div>
      <Checkbox.Group
        label={t('roles')}
        description={t('roles_hint')}
        value={values.roles}
        error={fieldError('roles')}
        onChange={(chosen) => set({ roles: chosen })}
      >
        <div className={styles.choices}>
          {roles.map((role) => (
            <Checkbox
              key={role.key}
              value={role.key}
              label={nameOfRole(role)}
              description={role.description || t(`role_text.${role.key}`, { defaultValue: '' })}
            />
          ))}
        </div>
      </Checkbox.Group>
      <div className={styles.fields}>
        <UnitSelect
          label={t('place.title')}
          description={t('place.hint')}
          searchable
          nothingFoundMessage={t('nothing_found')}
          choices={places.choices}
          value={values.place}
          error={fieldError('store_id') ?? fieldError('unit_id')}
          onChange={(place) => set({ place: place ?? '' })}
        />
        <PersonSelect
          label={t('manager')}
          description={t('manager_hint')}
          people={people}
          except={user?.id}
          value={values.manager}
          error={fieldError('manager_id')}
          onChange={(manager) => set({ manager })}
        />
        {teams.length > 0 && (
          <Select
            label={t('team')}
            allowDeselect={false}
            data={[{ value: '', label: t('no_team') }, ...teams]}
            value={values.team}
            error={fieldError('team_id')}
            onChange={(team) => set({ team: team ?? '' })}
          />
        )}
      </div>
      {user && user.id !== me && (
        <Switch
          label={t('may_sign_in')}
          description={t('may_sign_in_hint')}
          checked={values.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
      )}
      {user?.active && (
        <div className={styles.tags}>
          <Button variant="default" size="xs" onClick={() => onInvite(user)}>
            {t(user.joined ? 'invite.again' : 'invite.make')}
          </Button>
          {user.id !== me && user.second_factor && (
            <Button variant="default" size="xs" onClick={() => onResetFactor(user)}>
              {t('factor.reset')}
            </Button>
          )}
          {user.id !== me && (
            <Button variant="default" size="xs" onClick={() => onLeave(user)}>
              {t('leave.open')}
            </Button>
          )}
        </div>
      )}
    </DialogForm>
  );
}
