import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Label } from '@/api/types';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A name put into a sentence may be Han or Latin; only the Latin one keeps its space. */
const hanSpacing = {
  type: 'postProcessor',
  name: 'han-spacing',
  process: (text: string) => text.replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, '$1'),
} as const;

const STORAGE_KEY = 'clientele-language';
const loaders = { en: () => import('../locales/en'), zh: () => import('../locales/zh') };

/** Reduces any language tag to one that the app has. */
export function toLanguage(tag: string | null | undefined): Language {
  return tag?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** The language chosen on this device, or else the browser's. */
export function deviceLanguage(): Language {
  return toLanguage(localStorage.getItem(STORAGE_KEY) ?? navigator.language);
}

/** The language of the screen now. */
export function currentLanguage(): Language {
  return toLanguage(i18next.language);
}

/** Loads one language (a single chunk with every namespace) and starts i18next. */
export async function startI18n(language: Language): Promise<void> {
  await i18next
    .use(initReactI18next)
    .use(hanSpacing)
    .init({
      postProcess: 'han-spacing',
      lng: language,
      fallbackLng: false,
      ns: [],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
      resources: {},
      react: { useSuspense: false },
    });
  await setLanguage(language);
}

/** Switches the language of the screen and remembers it on this device. */
export async function setLanguage(language: Language): Promise<void> {
  const { namespaces } = await loaders[language]();
  for (const [name, texts] of Object.entries(namespaces)) {
    i18next.addResourceBundle(language, name, texts, true, true);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  localStorage.setItem(STORAGE_KEY, language);
}

/** The text of a label that the chain wrote in both languages. */
export function labelText(label: Label, language: Language): string {
  return (language === 'zh' ? label.zh || label.en : label.en || label.zh) ?? '';
}

/** A term of the product (`terms` namespace); an unknown code is shown as it is. */
export function term(t: TFunction, group: string, code: string): string {
  return t(`terms:${group}.${code}`, { defaultValue: code });
}
