import { Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { COUNTRIES } from '@/lib/countries';
import { term } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useFieldError } from '@/ui/form-error';
import { storesQuery } from './api';
import styles from './customer.module.css';
import type { FormState, FormValues } from './customer-form';
import { KeyList } from './key-list';

type Props = {
  values: FormState;
  onChange: (values: FormState) => void;
  error: unknown;
};

/** The fields of a customer that people edit. */
export function CustomerFields({ values: form, onChange, error }: Props) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const fieldError = useFieldError(error);
  const values = form.fields;
  const set = (field: keyof FormValues, value: string) =>
    onChange({ ...form, fields: { ...values, [field]: value } });
  const seesStores = useCan('stores.see');
  const stores = useQuery({ ...storesQuery, enabled: seesStores }).data?.items ?? [];
  const countries = useMemo(
    () =>
      COUNTRIES.map((code) => ({ value: code, label: format.country(code) })).sort((a, b) =>
        a.label.localeCompare(b.label, format.locale),
      ),
    [format],
  );
  const text = (field: keyof FormValues) => ({
    label: t(`field.${field}`),
    value: values[field],
    error: fieldError(field),
    onChange: (event: { currentTarget: { value: string } }) =>
      set(field, event.currentTarget.value),
  });
  const choice = (field: keyof FormValues) => ({
    label: t(`field.${field}`),
    value: values[field] || null,
    error: fieldError(field),
    clearable: true,
    searchable: true,
    limit: 80,
    onChange: (value: string | null) => set(field, value ?? ''),
  });
  return (
    <>
      <TextInput {...text('name')} data-autofocus />
      <KeyList
        keys={form.keys}
        onChange={(keys) => onChange({ ...form, keys })}
        error={fieldError('identifiers') ?? fieldError('phone') ?? fieldError('email')}
      />
      <div className={styles.fields}>
        <TextInput {...text('birth_date')} placeholder="1990-08-08" />
        <Select
          {...choice('gender')}
          searchable={false}
          data={['female', 'male', 'other'].map((value) => ({
            value,
            label: term(t, 'gender', value),
          }))}
        />
        <Select
          {...choice('home_store_id')}
          data={stores.map((store) => ({ value: store.id, label: store.name }))}
        />
        <Select {...choice('country')} data={countries} />
        <TextInput {...text('city')} />
        <TextInput {...text('postcode')} />
      </div>
      <TextInput {...text('address')} />
      <Textarea {...text('note')} rows={3} />
    </>
  );
}
