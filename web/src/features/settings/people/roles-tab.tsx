import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { Sheet } from '@/ui/sheet';
import { type Role, rolesQuery } from './api';
import styles from './people.module.css';
import { RoleDialog } from './role-dialog';
import { useNameOfRole } from './use-names';

/** What each role may do, and how many people have it. */
export function RolesTab() {
  const { t } = useTranslation('people');
  const format = useFormat();
  const query = useQuery(rolesQuery);
  const allowed = useCan('roles.edit');
  const nameOf = useNameOfRole();
  const [open, setOpen] = useState<Role | 'new' | null>(null);
  const reach = (role: Role) => role.grants.customers?.reach;
  return (
    <QueryView query={query}>
      {({ items }) => (
        <Panel
          title={t('role_title')}
          subtitle={t('role_subtitle')}
          actions={
            allowed && (
              <Button
                leftSection={<IconPlus size={17} aria-hidden />}
                onClick={() => setOpen('new')}
              >
                {t('role_add')}
              </Button>
            )
          }
          flush
        >
          <Sheet
            caption={t('role_title')}
            rows={items}
            rowKey={(role) => role.key}
            columns={[
              {
                key: 'name',
                header: t('role_name'),
                cell: (role) => (
                  <span className={styles.person}>
                    {nameOf(role)}
                    <span className={styles.quiet}>
                      {role.description || t(`role_text.${role.key}`, { defaultValue: '' })}
                    </span>
                  </span>
                ),
              },
              {
                key: 'kind',
                header: t('role_kind'),
                cell: (role) =>
                  role.id ? (
                    <Tag label={t('role_own')} tone="accent" />
                  ) : (
                    <Tag label={t('role_built_in')} />
                  ),
              },
              {
                key: 'reach',
                header: t('role_customers'),
                cell: (role) => {
                  const far = reach(role);
                  return far ? t(`reach.${far}`) : t('reach.none');
                },
              },
              {
                key: 'people',
                header: t('role_people'),
                align: 'end',
                cell: (role) => format.count(role.people),
              },
              {
                key: 'actions',
                header: <span className="visually-hidden">{t('actions')}</span>,
                align: 'end',
                cell: (role) => (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={t(role.id && allowed ? 'edit_named' : 'role_open', {
                      name: nameOf(role),
                    })}
                    onClick={() => setOpen(role)}
                  >
                    {role.id && allowed ? t('common:action.edit') : t('common:action.open')}
                  </Button>
                ),
              },
            ]}
          />
          {open && (
            <RoleDialog
              role={open === 'new' ? undefined : open}
              roles={items}
              onClose={() => setOpen(null)}
            />
          )}
        </Panel>
      )}
    </QueryView>
  );
}
