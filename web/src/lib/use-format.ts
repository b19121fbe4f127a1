import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { makeFormat } from './format';
import { type Language, labelText, toLanguage } from './i18n';
import { useMaybeSession } from './session';

/** The formats of the current language and of the chain's time zone. */
export function useFormat() {
  const { i18n } = useTranslation();
  const zone =
    useMaybeSession()?.chain.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return useMemo(() => makeFormat(i18n.language, zone), [i18n.language, zone]);
}

/** The current language, for texts that the chain keeps in both. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return toLanguage(i18n.language);
}

/** Shows a label of the chain in the current language. */
export function useLabel() {
  const language = useLanguage();
  return useCallback((label: { en: string; zh: string }) => labelText(label, language), [language]);
}
