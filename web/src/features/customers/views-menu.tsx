import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { Dropdown, DropdownItem } from '@/ui/dropdown';
import { viewsQuery } from './api';
import styles from './customers.module.css';
import { type CustomerSearch, customerSearch, isFiltered } from './search';

const SaveView = lazy(() => import('./save-view').then((m) => ({ default: m.SaveView })));

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
      <Suspense>{saving && <SaveView search={search} onClose={() => setSaving(false)} />}</Suspense>
    </>
  );
}
