import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { sessionQuery } from '@/lib/session';
import { FormError } from '@/ui/form-error';
import styles from './account.module.css';
import { AccountFrame } from './account-frame';

const route = getRouteApi('/sign-in');

/** Only addresses inside the app; anything else could lead a person to a strange site. */
function safeTarget(to: string | undefined): string {
  return to?.startsWith('/') && !to.startsWith('//') && !to.startsWith('/sign-in') ? to : '/';
}

/** Signs a person in and goes on to where they wanted to be. */
export function SignInScreen() {
  const { t } = useTranslation('account');
  const { to } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/session', { body: { email, password } })),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.push(safeTarget(to));
    },
  });

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate();
  }

  return (
    <AccountFrame title={t('sign_in.title')} hint={t('sign_in.hint')}>
      <form className={styles.form} onSubmit={onSubmit}>
        <FormError error={signIn.error} />
        <TextInput
          label={t('field.email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('field.password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={signIn.isPending}>
          {t('sign_in.submit')}
        </Button>
      </form>
    </AccountFrame>
  );
}
