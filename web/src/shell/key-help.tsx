import { Modal, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setSingleKeysOff, singleKeysOff } from '@/lib/hotkeys';
import styles from './key-help.module.css';
import { NAV } from './nav';

const KEYS: [string, string][] = [
  ['Ctrl / ⌘ K', 'palette'],
  ['/', 'search'],
  ['J / K', 'move'],
  ['Enter', 'open'],
  ['Space', 'peek'],
  ['[ / ]', 'neighbour'],
  ['E', 'edit'],
  ['C', 'create'],
  ['Ctrl / ⌘ Enter', 'save'],
  ['?', 'help'],
];

/** The keys of the app, and a switch for people whose tools use single letters. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('nav');
  const [off, setOff] = useState(singleKeysOff());
  const goTo = NAV.flatMap((group) => group.items).filter((item) => item.hotkey);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keyboard')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <dl className={styles.keys}>
        {KEYS.map(([keys, name]) => (
          <div key={name}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </div>
        ))}
        {goTo.map((item) => (
          <div key={item.key}>
            <dt>
              <kbd>G {item.hotkey?.toUpperCase()}</kbd>
            </dt>
            <dd>{t('keys.go', { name: t(`item.${item.key}`) })}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label={t('keys.single')}
        checked={!off}
        onChange={(event) => {
          setSingleKeysOff(!event.currentTarget.checked);
          setOff(!event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}
