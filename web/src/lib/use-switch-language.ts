import { api, unwrap } from '@/api/client';
import { type Language, setLanguage } from '@/lib/i18n';
import { queryClient } from '@/lib/query';
import { sessionQuery, useMaybeSession } from '@/lib/session';

/** Switches the language at once, and remembers it for a signed-in person. */
export function useSwitchLanguage() {
  const signedIn = useMaybeSession() !== undefined;
  return async (language: Language) => {
    await setLanguage(language);
    if (!signedIn) return;
    const session = unwrap(await api.PATCH('/api/session', { body: { language } }));
    queryClient.setQueryData(sessionQuery.queryKey, session);
  };
}
