import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { Dropdown, DropdownItem } from '@/ui/dropdown';
import { FormError } from '@/ui/form-error';
import { toQuery, viewsQuery } from './api';
import styles from './customers.module.css';
import { type CustomerSearch, customerSearch, isFiltered } from './search';

/** Saved filters: open one, save the present one, delete one. */
export function ViewsMenu({ search }: { search: CustomerSearch }) {
  const { t } = useTranslation('customers');
  const navigate = useNavigate();
  const client = useQueryClient();
  const [saving, setSaving] = useState(false);
  const views = useQuery(viewsQuery).data?.items ?? [];
  const remove = useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.DELETE('/api/views/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: viewsQuery.queryKey }),
  });
  return (
    <>
      <Dropdown
        role="dialog"
        align="start"
        width={260}
        label={t('views.title')}
        buttonClass={styles.button}
        button={
          <>
            <IconBookmark size={17} aria-hidden />
            <span>{t('views.title')}</span>
          </>
        }
      >
        {(close) => (
          <>
            {views.length === 0 && <p className={styles.hint}>{t('views.none')}</p>}
            {views.map((view) => (
              <div key={view.id} className={styles.view}>
                <DropdownItem
                  onClick={() => {
                    close();
                    const saved = Object.fromEntries(new URLSearchParams(view.query));
                    void navigate({ to: '/customers', search: customerSearch(saved) });
                  }}
                >
                  {view.name}
                </DropdownItem>
                <button
                  type="button"
                  className={styles.trash}
                  aria-label={t('views.delete', { name: view.name })}
                  onClick={() => remove.mutate(view.id)}
                >
                  <IconTrash size={16} aria-hidden />
                </button>
              </div>
            ))}
            <button
              type="button"
              className={styles.link}
              disabled={!isFiltered(search)}
              onClick={() => {
                close();
                setSaving(true);
              }}
            >
              {t('views.save')}
            </button>
          </>
        )}
      </Dropdown>
      {saving && <SaveView search={search} onClose={() => setSaving(false)} />}
    </>
  );
}

function SaveView({ search, onClose }: { search: CustomerSearch; onClose: () => void }) {
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
