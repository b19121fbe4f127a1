import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUser } from '@tabler/icons-react';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/api/client';
import { isComposing } from '@/lib/hotkeys';
import { useLabel } from '@/lib/use-format';
import { ColorBadge } from '@/ui/color-badge';
import styles from './palette.module.css';
import { useNav } from './sidebar';

const lookupQuery = (q: string) =>
  queryOptions({
    queryKey: ['lookup', q],
    queryFn: async ({ signal }) =>
      unwrap(await api.GET('/api/lookup', { params: { query: { q } }, signal })),
    enabled: q.length >= 2,
    placeholderData: keepPreviousData,
  });

type Entry = { key: string; icon: ReactNode; text: ReactNode; end?: ReactNode; run: () => void };

/** Finds customers and screens from anywhere. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('nav');
  const navigate = useNavigate();
  const label = useLabel();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [typed] = useDebouncedValue(text.trim(), 120);
  const found = useQuery(lookupQuery(typed));
  const screens = useNav().flatMap((group) => group.items);
  const needle = text.trim().toLowerCase();

  const go = (run: () => void) => () => {
    onClose();
    run();
  };
  const people: Entry[] = (needle.length >= 2 ? (found.data?.items ?? []) : []).map((hit) => ({
    key: hit.id,
    icon: <IconUser size={17} aria-hidden />,
    text: (
      <span className={styles.person}>
        <strong>{hit.name || hit.number}</strong>
        <span>{[hit.number, hit.phone_masked, hit.city].filter(Boolean).join(' · ')}</span>
      </span>
    ),
    end: hit.tier && <ColorBadge label={label(hit.tier.name)} color={hit.tier.color} />,
    run: go(() => void navigate({ to: '/customers/$id', params: { id: hit.id } })),
  }));
  const places: Entry[] = screens
    .map((item) => ({ item, name: t(`item.${item.key}`) }))
    .filter(({ name }) => name.toLowerCase().includes(needle))
    .map(({ item, name }) => ({
      key: item.key,
      icon: <item.icon size={17} aria-hidden />,
      text: name,
      run: go(() => void navigate({ to: item.to })),
    }));
  const all: Entry[] = needle
    ? [
        ...people,
        ...places,
        {
          key: 'all',
          icon: <IconSearch size={17} aria-hidden />,
          text: t('search_all', { text: text.trim() }),
          run: go(() => void navigate({ to: '/customers', search: { q: text.trim() } })),
        },
      ]
    : places;
  const current = Math.min(at, all.length - 1);

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown') setAt((current + 1) % all.length);
    else if (event.key === 'ArrowUp') setAt((current - 1 + all.length) % all.length);
    else if (event.key === 'Enter') all[current]?.run();
    else return;
    event.preventDefault();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      padding={0}
      size={560}
      yOffset="10dvh"
      attributes={{ content: { 'aria-label': t('search') } }}
      transitionProps={{ duration: 80 }}
    >
      <div className={styles.field}>
        <IconSearch size={18} aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
          autoFocus
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={all[current] ? `palette-${all[current].key}` : undefined}
          aria-label={t('search')}
          placeholder={t('search_hint')}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-list" role="listbox" aria-label={t('search')} className={styles.list}>
        {all.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles the keys
          <div
            key={entry.key}
            id={`palette-${entry.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            className={styles.entry}
            onPointerMove={() => setAt(index)}
            onClick={entry.run}
          >
            {entry.icon}
            <span className={styles.text}>{entry.text}</span>
            {entry.end}
          </div>
        ))}
      </div>
    </Modal>
  );
}
