import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { likelihood, type Pair } from './api';
import styles from './duplicates.module.css';

type Props = {
  pairs: Pair[];
  current: string;
  onSelect: (index: number) => void;
  hasMore: boolean;
  onMore: () => void;
};

/** The queue at the side; hidden on a phone, where one pair is shown at a time. */
export function PairList({ pairs, current, onSelect, hasMore, onMore }: Props) {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const list = useRef<HTMLUListElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the selection only
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  return (
    <nav className={styles.queue} aria-label={t('queue')}>
      <ul ref={list} className={styles.list}>
        {pairs.map((pair, index) => (
          <li key={pair.id}>
            <button
              type="button"
              className={styles.item}
              aria-current={pair.id === current || undefined}
              onClick={() => onSelect(index)}
            >
              <span className={styles.names}>
                <span>{pair.left.name || pair.left.number}</span>
                <span>{pair.right.name || pair.right.number}</span>
              </span>
              <span className={styles.sure}>{format.percent(likelihood(pair), 1)}</span>
            </button>
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button variant="subtle" fullWidth onClick={onMore}>
          {t('common:action.more')}
        </Button>
      )}
    </nav>
  );
}
