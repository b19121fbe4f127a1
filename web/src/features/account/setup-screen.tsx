import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { QueryView } from '@/ui/query-view';
import { AccountFrame } from './account-frame';
import { SetupChoice } from './setup-choice';
import { SetupForm } from './setup-form';

/** The first run: an administrator and a chain, then a sample chain or one's own files. */
export function SetupScreen() {
  const { t } = useTranslation('account');
  const navigate = useNavigate();
  const [created, setCreated] = useState(false);
  const state = useQuery({
    queryKey: ['setup'],
    queryFn: async () => unwrap(await api.GET('/api/setup')),
    staleTime: 0,
    gcTime: 0,
  });
  const done = state.data !== undefined && !state.data.needs_setup && !created;
  useEffect(() => {
    if (done) void navigate({ to: '/', replace: true });
  }, [done, navigate]);

  if (created) {
    return (
      <AccountFrame title={t('choice.title')} hint={t('choice.hint')} wide>
        <SetupChoice />
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={t('setup.title')} hint={t('setup.hint')} wide>
      <QueryView query={state}>
        {(setup) =>
          setup.needs_setup && <SetupForm setup={setup} onDone={() => setCreated(true)} />
        }
      </QueryView>
    </AccountFrame>
  );
}
