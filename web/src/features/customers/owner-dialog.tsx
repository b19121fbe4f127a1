import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { DialogForm } from '@/ui/dialog-form';
import { useFieldError } from '@/ui/form-error';
import { colleaguesQuery, useAssign } from './api';

type Props = { customer: Api<'Customer'>; etag: string; onClose: () => void };

/** Says who looks after a customer. */
export function OwnerDialog({ customer, etag, onClose }: Props) {
  const { t } = useTranslation('customers');
  const [owner, setOwner] = useState(customer.owner?.id ?? '');
  const colleagues = useQuery(colleaguesQuery).data?.items ?? [];
  const save = useAssign(customer.id);
  const fieldError = useFieldError(save.error);
  return (
    <DialogForm
      title={t('owner.title')}
      error={save.error}
      busy={save.isPending}
      onSubmit={() => save.mutate({ etag, owner: owner || null }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Select
        label={t('owner.label')}
        description={t('owner.hint')}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('owner.nothing_found')}
        data={[
          { value: '', label: t('owner.nobody') },
          ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={owner}
        error={fieldError('owner_id')}
        onChange={(value) => setOwner(value ?? '')}
      />
    </DialogForm>
  );
}
