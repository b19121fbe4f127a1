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
import { asksForCode, CodeField } from './code-field';

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
  /** Null until the account asks for one. */
  const [code, setCode] = useState<string | null>(null);
  const signIn = useMutation({
    mutationFn: async () =>
      unwrap(await api.POST('/api/session', { body: { email, password, code } })),
    onError: (error) => {
      if (asksForCode(error)) setCode('');
    },
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.push(safeTarget(to));
    },
  });

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate();
  }

  const error = asksForCode(signIn.error) ? null : signIn.error;
  // A form of its own (by its key): otherwise the button that leads back would turn into the
  // one that sends while it is still being clicked.
  if (code !== null) {
    return (
      <AccountFrame title={t('sign_in.code_title')} hint={t('sign_in.code_hint', { email })}>
        <form key="code" className={styles.form} onSubmit={onSubmit}>
          <FormError error={error} />
          <CodeField value={code} error={error} onChange={setCode} />
          <Button type="submit" size="md" loading={signIn.isPending}>
            {t('sign_in.submit')}
          </Button>
          <Button
            variant="subtle"
            onClick={() => {
              setCode(null);
              signIn.reset();
            }}
          >
            {t('sign_in.back')}
          </Button>
        </form>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={t('sign_in.title')} hint={t('sign_in.hint')}>
      <form className={styles.form} onSubmit={onSubmit}>
        <FormError error={error} />
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
