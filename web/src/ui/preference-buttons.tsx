import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconLanguage, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSwitchLanguage } from '@/lib/use-switch-language';
import styles from './preference-buttons.module.css';

/** Switches between the two languages; says so in the other one. */
export function LanguageButton() {
  const { t, i18n } = useTranslation('nav');
  const switchLanguage = useSwitchLanguage();
  const other = i18n.language === 'zh' ? 'en' : 'zh';
  return (
    <button
      type="button"
      className={styles.language}
      lang={other === 'zh' ? 'zh-Hans' : 'en'}
      aria-label={t(`switch_to.${other}`)}
      onClick={() => void switchLanguage(other)}
    >
      <IconLanguage size={18} aria-hidden />
      <span>{t(`language.${other}`)}</span>
    </button>
  );
}

/** Switches between light and dark. */
export function ThemeButton() {
  const { t } = useTranslation('nav');
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const dark = scheme === 'dark';
  const label = dark ? t('theme_light') : t('theme_dark');
  return (
    <button
      type="button"
      className={styles.icon}
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </button>
  );
}
