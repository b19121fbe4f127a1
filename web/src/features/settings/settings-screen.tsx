import { Tabs } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '@/ui/page';
import { ChainTab } from './chain-tab';
import { RatesTab } from './rates-tab';
import { SETTINGS_TABS } from './search';
import { TokensTab } from './tokens-tab';
import { UsersTab } from './users-tab';

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
        <Tabs.Panel value="rates">
          <RatesTab />
        </Tabs.Panel>
        <Tabs.Panel value="users">
          <UsersTab />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <TokensTab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
