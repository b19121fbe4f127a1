import { useTranslation } from 'react-i18next';
import { Page } from '@/ui/page';

export function HomeScreen() {
  const { t } = useTranslation('nav');
  return <Page title={t('item.home')}>{null}</Page>;
}
