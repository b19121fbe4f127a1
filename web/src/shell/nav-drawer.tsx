import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NavList } from './sidebar';

/** Every screen, for a phone. */
export function NavDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened
      onClose={onClose}
      size="280px"
      title={t('app.name')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <nav aria-label={t('nav:main')}>
        <NavList />
      </nav>
    </Drawer>
  );
}
