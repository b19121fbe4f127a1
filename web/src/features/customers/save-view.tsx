import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { FormError } from '@/ui/form-error';
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
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('views.save')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={onSubmit}>
        <Stack gap="md">
          <FormError error={save.error} />
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
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('common:action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
