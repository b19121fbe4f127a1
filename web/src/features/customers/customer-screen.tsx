import { useTranslation } from 'react-i18next';
import { Page } from '@/ui/page';

export function CustomerScreen() {
  const { t } = useTranslation('nav');
  return <Page title={t('item.customers')}>{null}</Page>;
}
