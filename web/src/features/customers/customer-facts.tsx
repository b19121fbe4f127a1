import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { term } from '@/lib/i18n';
import { useFormat } from '@/lib/use-format';
import { FactList } from '@/ui/fact-list';

/** Who a customer is: how to reach them, where they belong, since when. */
export function CustomerFacts({ customer }: { customer: Api<'Customer'> }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const address = [customer.address, customer.postcode, customer.city].filter(Boolean).join(' · ');
  const facts: [string, string | null | undefined][] = [
    ...customer.identifiers
      .filter(({ kind }) => kind !== 'external')
      .map(({ kind, value }): [string, string] => [term(t, 'identifier', kind), value]),
    [t('fact.birthday'), customer.birth_date && format.birthday(customer.birth_date)],
    [t('fact.gender'), customer.gender && term(t, 'gender', customer.gender)],
    [t('fact.home_store'), customer.home_store?.name],
    [t('fact.owner'), customer.owner?.name],
    [t('fact.country'), customer.country && format.country(customer.country)],
    [t('fact.address'), address],
    [t('fact.created'), format.instant(customer.created_at)],
    [t('fact.note'), customer.note],
  ];
  return <FactList facts={facts} />;
}
