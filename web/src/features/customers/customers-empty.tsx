import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/ui/panel';
import { EmptyState } from '@/ui/states';

/** Nobody matches, or there is nobody yet. */
export function CustomersEmpty({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation('customers');
  return (
    <Panel>
      <EmptyState
        icon={<IconUsers size={28} aria-hidden />}
        title={filtered ? t('empty.filtered') : t('empty.none')}
        action={
          filtered ? (
            <Button variant="default" component={Link} to="/customers">
              {t('empty.clear')}
            </Button>
          ) : (
            <Button component={Link} to={'/imports/new' as string}>
              {t('empty.import')}
            </Button>
          )
        }
      />
    </Panel>
  );
}
