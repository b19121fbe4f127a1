import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/lib/session';
import { Page } from '@/ui/page';
import { BlockSkeleton } from '@/ui/skeleton';
import { TabBar } from '@/ui/tab-bar';
import { ChainTab } from './chain-tab';
import { SETTINGS_TABS, type SettingsTab } from './search';

const TABS = {
  chain: ChainTab,
  rates: lazy(() => import('./rates-tab').then((m) => ({ default: m.RatesTab }))),
  users: lazy(() => import('./people/people-tab').then((m) => ({ default: m.PeopleTab }))),
  roles: lazy(() => import('./people/roles-tab').then((m) => ({ default: m.RolesTab }))),
  organisation: lazy(() =>
    import('./people/organisation-tab').then((m) => ({ default: m.OrganisationTab })),
  ),
  audit: lazy(() => import('./audit-tab').then((m) => ({ default: m.AuditTab }))),
  backups: lazy(() => import('./backups-tab').then((m) => ({ default: m.BackupsTab }))),
  system: lazy(() => import('./system-tab').then((m) => ({ default: m.SystemTab }))),
  access: lazy(() => import('./access-tab').then((m) => ({ default: m.AccessTab }))),
};

/** Permissions without which a tab is not offered; one's own access is everybody's. */
const NEEDS: Partial<Record<SettingsTab, string>> = {
  chain: 'settings.see',
  rates: 'settings.see',
  users: 'people.see',
  roles: 'people.see',
  organisation: 'stores.see',
  audit: 'audit.see',
  backups: 'backups.see',
  system: 'system.see',
};

const route = getRouteApi('/app/settings');

/** The chain's own choices, its rates, its people and its tokens. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const may = useMay();
  const allowed = SETTINGS_TABS.filter((key) => {
    const needed = NEEDS[key];
    return !needed || may(needed);
  });
  const { tab = allowed[0] ?? 'chain' } = route.useSearch();
  const Content = TABS[tab];
  return (
    <Page title={t('title')}>
      <TabBar
        label={t('title')}
        tabs={allowed.map((key) => ({ key, label: t(`tab.${key}`) }))}
        active={tab}
        onChange={(next) =>
          void navigate({ to: '/settings', search: { tab: next === 'chain' ? undefined : next } })
        }
      >
        <Suspense fallback={<BlockSkeleton />}>
          <Content />
        </Suspense>
      </TabBar>
    </Page>
  );
}
