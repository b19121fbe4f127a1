import { useTranslation } from 'react-i18next';
import { Page } from '@/ui/page';

export function CustomersScreen() {
  const { t } = useTranslation('nav');
  return <Page title={t('item.customers')}>{null}</Page>;
}
