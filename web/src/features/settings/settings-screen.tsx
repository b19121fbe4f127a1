import { Tabs } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '@/ui/page';
import { BlockSkeleton } from '@/ui/skeleton';
import { ChainTab } from './chain-tab';
import { SETTINGS_TABS } from './search';

const RatesTab = lazy(() => import('./rates-tab').then((m) => ({ default: m.RatesTab })));
const UsersTab = lazy(() => import('./users-tab').then((m) => ({ default: m.UsersTab })));
const TokensTab = lazy(() => import('./tokens-tab').then((m) => ({ default: m.TokensTab })));

const route = getRouteApi('/app/settings');

/** The chain's own choices, its rates, its people and its tokens. */
export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const { tab = 'chain' } = route.useSearch();
  return (
    <Page title={t('title')}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => {
          const next = SETTINGS_TABS.find((known) => known === value);
          void navigate({ to: '/settings', search: { tab: next === 'chain' ? undefined : next } });
        }}
      >
        <Tabs.List mb="md">
          {SETTINGS_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="chain">
          <ChainTab />
        </Tabs.Panel>
        <Suspense fallback={<BlockSkeleton />}>
          <Tabs.Panel value="rates">
            <RatesTab />
          </Tabs.Panel>
          <Tabs.Panel value="users">
            <UsersTab />
          </Tabs.Panel>
          <Tabs.Panel value="tokens">
            <TokensTab />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}
