import { Button, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStale, toProblem } from '@/api/problem';
import type { Api } from '@/api/types';
import { DialogForm } from '@/ui/dialog-form';
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
  function save() {
    create.mutate(newCustomer(values), {
      onSuccess: ({ id }) => {
        onClose();
        void navigate({ to: '/customers/$id', params: { id } });
      },
    });
  }
  return (
    <DialogForm
      title={t('create')}
      size="lg"
      error={create.error}
      busy={create.isPending}
      onSubmit={save}
      onClose={onClose}
    >
      <KnownAlready error={create.error} />
      <CustomerFields values={values} onChange={setValues} error={create.error} />
    </DialogForm>
  );
}

/** The way to the customer who has one of the keys already. */
function KnownAlready({ error }: { error: unknown }) {
  const { t } = useTranslation('customers');
  const id = error ? toProblem(error).params.customer_id : undefined;
  if (typeof id !== 'string') return null;
  return (
    <Link to="/customers/$id" params={{ id }}>
      {t('exists')}
    </Link>
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

  function save(tag: string) {
    const changes = changesOf(base.values, values);
    if (Object.keys(changes).length === 0) onClose();
    else edit.mutate({ etag: tag, changes }, { onSuccess: onClose });
  }
  async function readAgain() {
    return await client.fetchQuery({ ...customerQuery(customer.id), staleTime: 0 });
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
    <DialogForm
      title={t('edit')}
      size="lg"
      error={edit.error}
      busy={edit.isPending}
      onSubmit={() => save(base.etag)}
      onClose={onClose}
    >
      <KnownAlready error={edit.error} />
      {isStale(edit.error) && (
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
    </DialogForm>
  );
}
