import { useDisclosure } from '@mantine/hooks';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '@/lib/hotkeys';
import styles from './app-shell.module.css';
import { BottomBar } from './bottom-bar';
import { NAV } from './nav';
import { Sidebar } from './sidebar';
import { TopBar } from './top-bar';
import { useServerEvents } from './use-server-events';

const Palette = lazy(() => import('./palette').then((m) => ({ default: m.Palette })));
const KeyHelp = lazy(() => import('./key-help').then((m) => ({ default: m.KeyHelp })));
const NavDrawer = lazy(() => import('./nav-drawer').then((m) => ({ default: m.NavDrawer })));

/** The frame around every screen: navigation, top bar, palette and live events. */
export function AppShell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [palette, paletteState] = useDisclosure(false);
  const [help, helpState] = useDisclosure(false);
  const [drawer, drawerState] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useServerEvents();

  // biome-ignore lint/correctness/useExhaustiveDependencies: closes when the address changes
  useEffect(() => {
    drawerState.close();
    paletteState.close();
  }, [path]);

  const goTo = Object.fromEntries(
    NAV.flatMap((group) => group.items)
      .filter((item) => item.hotkey)
      .map((item) => [`g ${item.hotkey}`, () => void navigate({ to: item.to })]),
  );
  useHotkeys({
    ...goTo,
    'mod+k': paletteState.toggle,
    '/': () => {
      const field = document.querySelector<HTMLInputElement>('main [data-search]');
      if (field) field.focus();
      else paletteState.open();
    },
    '?': helpState.open,
  });

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t('nav:skip')}
      </a>
      <TopBar onSearch={paletteState.open} onMenu={drawerState.open} onHelp={helpState.open} />
      <Sidebar className={styles.sidebar} />
      <main id="main" className={styles.main} tabIndex={-1} data-scroll-restoration-id="main">
        <Outlet />
      </main>
      <BottomBar className={styles.bottom} onMore={drawerState.open} />
      <Suspense>
        {palette && <Palette onClose={paletteState.close} />}
        {help && <KeyHelp onClose={helpState.close} />}
        {drawer && <NavDrawer onClose={drawerState.close} />}
      </Suspense>
    </div>
  );
}
