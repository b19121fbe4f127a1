import { Button, Group, Modal, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStale } from '@/api/problem';
import type { Api } from '@/api/types';
import { FormError } from '@/ui/form-error';
import { customerQuery, useCreateCustomer, useEditCustomer } from './api';
import styles from './customer.module.css';
import { CustomerFields } from './customer-fields';
import { changesOf, EMPTY_FORM, formOf, newCustomer } from './customer-form';

/** Enters a customer by hand. */
export function NewCustomerDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('customers');
  const navigate = useNavigate();
  const [values, setValues] = useState(EMPTY_FORM);
  const create = useCreateCustomer();
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    create.mutate(newCustomer(values), {
      onSuccess: ({ id }) => {
        onClose();
        void navigate({ to: '/customers/$id', params: { id } });
      },
    });
  }
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('create')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={onSubmit}>
        <Stack gap="md">
          <FormError error={create.error} />
          <CustomerFields values={values} onChange={setValues} error={create.error} />
          <Buttons busy={create.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

type EditProps = { customer: Api<'Customer'>; etag: string; onClose: () => void };

/** Edits a customer; when somebody else was faster, the person chooses what happens. */
export function EditCustomerDialog({ customer, etag, onClose }: EditProps) {
  const { t } = useTranslation('customers');
  const client = useQueryClient();
  // What was read when the dialog opened, or when the person asked for the newer version.
  const [base, setBase] = useState({ values: formOf(customer), etag });
  const [values, setValues] = useState(base.values);
  const edit = useEditCustomer(customer.id);
  const stale = isStale(edit.error);

  function save(tag: string) {
    const changes = changesOf(base.values, values);
    if (Object.keys(changes).length === 0) onClose();
    else edit.mutate({ etag: tag, changes }, { onSuccess: onClose });
  }
  async function readAgain() {
    const options = { ...customerQuery(customer.id), staleTime: 0 };
    return await client.fetchQuery(options);
  }
  async function takeTheirs() {
    const fresh = await readAgain();
    setBase({ values: formOf(fresh.data), etag: fresh.etag });
    setValues(formOf(fresh.data));
    edit.reset();
  }
  async function keepMine() {
    const fresh = await readAgain();
    save(fresh.etag);
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('edit')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save(base.etag);
        }}
      >
        <Stack gap="md">
          <FormError error={edit.error} />
          {stale && (
            <div className={styles.stale}>
              <span>{t('stale.hint')}</span>
              <Group gap="sm">
                <Button variant="default" size="xs" onClick={() => void takeTheirs()}>
                  {t('stale.theirs')}
                </Button>
                <Button variant="default" size="xs" onClick={() => void keepMine()}>
                  {t('stale.mine')}
                </Button>
              </Group>
            </div>
          )}
          <CustomerFields values={values} onChange={setValues} error={edit.error} />
          <Buttons busy={edit.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function Buttons({ busy, onClose }: { busy: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Group justify="flex-end" gap="sm">
      <Button variant="default" onClick={onClose}>
        {t('action.cancel')}
      </Button>
      <Button type="submit" loading={busy}>
        {t('action.save')}
      </Button>
    </Group>
  );
}
