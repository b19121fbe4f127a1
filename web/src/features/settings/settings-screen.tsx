import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '@/ui/page';
import { BlockSkeleton } from '@/ui/skeleton';
import { TabBar } from '@/ui/tab-bar';
import { ChainTab } from './chain-tab';
import { SETTINGS_TABS } from './search';

const TABS = {
  chain: ChainTab,
  rates: lazy(() => import('./rates-tab').then((m) => ({ default: m.RatesTab }))),
  users: lazy(() => import('./users-tab').then((m) => ({ default: m.UsersTab }))),
  system: lazy(() => import('./system-tab').then((m) => ({ default: m.SystemTab }))),
  tokens: lazy(() => import('./tokens-tab').then((m) => ({ default: m.TokensTab }))),
};

const route = getRouteApi('/app/settings');

/** The chain's own choices, its rates, its people and its tokens. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const { tab = 'chain' } = route.useSearch();
  const Content = TABS[tab];
  return (
    <Page title={t('title')}>
      <TabBar
        label={t('title')}
        tabs={SETTINGS_TABS.map((key) => ({ key, label: t(`tab.${key}`) }))}
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
