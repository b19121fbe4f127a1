import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { useProblemText } from '@/lib/problem-text';
import { sessionQuery } from '@/lib/session';
import { useOnce } from '@/lib/use-once';
import { FormError, useFieldError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { BlockSkeleton } from '@/ui/skeleton';
import styles from './account.module.css';
import { AccountFrame } from './account-frame';
import { asksForCode, CodeField } from './code-field';

/** Lets somebody who was sent a link choose their password, and signs them in. */
export function JoinScreen() {
  const { t } = useTranslation('account');
  const problemText = useProblemText();
  const router = useRouter();
  const client = useQueryClient();
  // Behind the #, so that no server on the way writes the secret into its log.
  const [secret] = useState(() => window.location.hash.slice(1));
  const [password, setPassword] = useState('');
  /** Null until the account asks for one. */
  const [code, setCode] = useState<string | null>(null);
  const invited = useQuery({
    queryKey: ['invited', secret],
    queryFn: async () => unwrap(await api.POST('/api/join/look', { body: { secret } })),
    retry: false,
  });
  const join = useMutation({
    mutationFn: async () =>
      unwrap(await api.POST('/api/join', { body: { secret, password, code } })),
    onError: (error) => {
      if (asksForCode(error)) setCode('');
    },
    onSuccess: (session) => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.replace('/');
    },
  });
  const once = useOnce(join.isPending);
  const error = asksForCode(join.error) ? null : join.error;
  const fieldError = useFieldError(error);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    once(() => join.mutate());
  }

  if (!invited.data) {
    return (
      <AccountFrame title={t('join.title')}>
        {invited.isError ? (
          <Note tone="bad" title={problemText(invited.error)}>
            {t('join.over')}
          </Note>
        ) : (
          <BlockSkeleton lines={4} />
        )}
      </AccountFrame>
    );
  }
  const { name, email, chain_name: chain } = invited.data;
  return (
    <AccountFrame
      title={t('join.welcome', { name })}
      hint={chain ? t('join.hint', { chain }) : t('join.hint_plain')}
    >
      <form className={styles.form} onSubmit={onSubmit}>
        <FormError error={error} />
        <TextInput
          label={t('field.email')}
          description={t('join.email')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          name="email"
          autoComplete="username"
          readOnly
          value={email}
        />
        <PasswordInput
          label={t('join.password')}
          description={t('field.password_hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          name="password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus
          value={password}
          error={fieldError('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {code !== null && <CodeField value={code} error={error} onChange={setCode} />}
        <Button type="submit" size="md" loading={join.isPending}>
          {t('join.submit')}
        </Button>
      </form>
    </AccountFrame>
  );
}
