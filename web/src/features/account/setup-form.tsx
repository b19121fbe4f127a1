import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import type { Api } from '@/api/types';
import { sessionQuery } from '@/lib/session';
import { useFormat, useLanguage } from '@/lib/use-format';
import { FormError, useFieldError } from '@/ui/form-error';
import styles from './account.module.css';
import { COUNTRY_CURRENCY, likelyCurrency } from './likely-currency';

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function zones(known: string): string[] {
  return [...new Set([OWN_ZONE, known, ...Intl.supportedValuesOf('timeZone')])];
}

type Props = { setup: Api<'Setup'>; onDone: () => void };

/** Creates the administrator and names the chain, as far as the data does not say it already. */
export function SetupForm({ setup, onDone }: Props) {
  const { t } = useTranslation('account');
  const format = useFormat();
  const language = useLanguage();
  const client = useQueryClient();
  const [values, setValues] = useState({
    name: '',
    email: '',
    password: '',
    chain_name: setup.chain_name,
    reporting_currency: setup.reporting_currency || likelyCurrency(navigator.language, OWN_ZONE),
    // UTC is what every book starts with, so nobody has chosen it.
    time_zone: setup.time_zone === 'UTC' ? OWN_ZONE : setup.time_zone,
  });
  const reporting_currency = setup.currency_is_fixed
    ? setup.reporting_currency
    : values.reporting_currency;
  const create = useMutation({
    mutationFn: async () =>
      unwrap(await api.POST('/api/setup', { body: { ...values, reporting_currency, language } })),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      onDone();
    },
    // Data may have come in meanwhile, which settles the currency.
    onError: () => client.invalidateQueries({ queryKey: ['setup'] }),
  });
  const fieldError = useFieldError(create.error);
  const currencies = useMemo(
    () =>
      [...new Set([...Object.values(COUNTRY_CURRENCY), ...Intl.supportedValuesOf('currency')])].map(
        (code) => ({ value: code, label: `${code} · ${format.currency(code)}` }),
      ),
    [format],
  );

  const text = (key: keyof typeof values) => ({
    name: key,
    required: true,
    withAsterisk: false,
    value: values[key],
    error: fieldError(key),
    onChange: (event: { currentTarget: { value: string } }) => {
      const value = event.currentTarget.value;
      setValues((old) => ({ ...old, [key]: value }));
    },
  });

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    create.mutate();
  }

  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <FormError error={create.error} />
      <h2 className={styles.section}>{t('setup.you')}</h2>
      <TextInput {...text('name')} label={t('field.name')} autoComplete="name" autoFocus />
      <div className={styles.pair}>
        <TextInput
          {...text('email')}
          type="email"
          label={t('field.email')}
          autoComplete="username"
        />
        <PasswordInput
          {...text('password')}
          label={t('field.password')}
          description={t('field.password_hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
        />
      </div>
      <h2 className={styles.section}>{t('setup.chain')}</h2>
      <TextInput
        {...text('chain_name')}
        label={t('field.chain_name')}
        autoComplete="organization"
      />
      <div className={styles.pair}>
        {setup.currency_is_fixed ? (
          <TextInput
            label={t('field.currency')}
            description={t('field.currency_fixed')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            readOnly
            value={`${reporting_currency} · ${format.currency(reporting_currency)}`}
            error={fieldError('reporting_currency')}
          />
        ) : (
          <Select
            label={t('field.currency')}
            searchable
            data={currencies}
            value={values.reporting_currency}
            error={fieldError('reporting_currency')}
            limit={60}
            nothingFoundMessage={t('field.nothing_found')}
            onChange={(value) =>
              value && setValues((old) => ({ ...old, reporting_currency: value }))
            }
          />
        )}
        <Select
          label={t('field.time_zone')}
          searchable
          data={zones(setup.time_zone)}
          value={values.time_zone}
          error={fieldError('time_zone')}
          limit={60}
          nothingFoundMessage={t('field.nothing_found')}
          onChange={(value) => value && setValues((old) => ({ ...old, time_zone: value }))}
        />
      </div>
      <Button type="submit" size="md" loading={create.isPending}>
        {t('setup.submit')}
      </Button>
    </form>
  );
}
