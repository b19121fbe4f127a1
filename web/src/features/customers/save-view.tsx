import { Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { DialogForm } from '@/ui/dialog-form';
import { toQuery, viewsQuery } from './api';
import type { CustomerSearch } from './search';

/** Names the present search and filters, and saves them. */
export function SaveView({ search, onClose }: { search: CustomerSearch; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useMutation({
    mutationFn: async () => {
      const query = new URLSearchParams(toQuery(search)).toString();
      return unwrap(
        await api.POST('/api/views', { body: { screen: 'customers', name, query, shared } }),
      );
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: viewsQuery.queryKey });
      onClose();
    },
  });
  return (
    <DialogForm
      title={t('views.save')}
      error={save.error}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextInput
        label={t('views.name')}
        required
        withAsterisk={false}
        data-autofocus
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox
        label={t('views.shared')}
        checked={shared}
        onChange={(event) => setShared(event.currentTarget.checked)}
      />
    </DialogForm>
  );
}
