import {
  type Icon,
  IconArrowBackUp,
  IconArrowsSplit2,
  IconCoin,
  IconGitMerge,
  IconMedal,
  IconPencil,
  IconShoppingBag,
  IconUserPlus,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Panel } from '@/ui/panel';
import { BlockSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { timelineQuery } from './api';
import styles from './customer.module.css';
import { OrderEntry } from './order-entry';
import { useTierName } from './why-panel';

type Item = Api<'TimelineItem'>;

const ICONS: Record<string, Icon> = {
  order: IconShoppingBag,
  refund: IconArrowBackUp,
  adjustment: IconCoin,
  merge: IconGitMerge,
  unmerge: IconArrowsSplit2,
  grade: IconMedal,
  edit: IconPencil,
  created: IconUserPlus,
};
const KINDS = ['order', 'refund', 'grade', 'merge', 'edit'] as const;

type Props = { id: string; kind: string | undefined; onKind: (kind: string | undefined) => void };

/** Everything that happened, newest first; orders open to their lines. */
export function Timeline({ id, kind, onKind }: Props) {
  const { t } = useTranslation('customers');
  const query = useInfiniteQuery(timelineQuery(id, kind));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <fieldset className={styles.kinds}>
        <legend className="visually-hidden">{t('timeline.filter')}</legend>
        {[undefined, ...KINDS].map((one) => (
          <button
            key={one ?? 'all'}
            type="button"
            aria-pressed={kind === one}
            onClick={() => onKind(one)}
          >
            {t(`timeline.kind.${one ?? 'all'}`)}
          </button>
        ))}
      </fieldset>
      <Panel>
        {query.isPending && <BlockSkeleton lines={6} />}
        {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && items.length === 0 && <EmptyState title={t('timeline.empty')} />}
        <ol className={styles.timeline}>
          {items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries have no id of their own
            <Entry key={`${item.at} ${item.type} ${item.id ?? ''} ${index}`} item={item} />
          ))}
        </ol>
        {query.hasNextPage && (
          <button
            type="button"
            className={styles.more}
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('common:action.more')}
          </button>
        )}
      </Panel>
    </>
  );
}

function Entry({ item }: { item: Item }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const tierName = useTierName();
  const Icon = ICONS[item.type] ?? IconPencil;
  const opens = item.id && ['order', 'refund', 'adjustment'].includes(item.type);

  function title(): string {
    if (item.type === 'grade') {
      const values = { from: tierName(item.from), to: tierName(item.to) };
      return t(`timeline.grade`, values);
    }
    if (item.type === 'merge' || item.type === 'unmerge') {
      return t(`timeline.${item.type}`, { name: item.other?.name ?? '' });
    }
    if (item.type === 'edit') {
      const fields = (item.fields ?? []).map((field) =>
        t(`field.${field}`, { defaultValue: field }),
      );
      return t('timeline.edit', { fields: format.list(fields) });
    }
    return t('timeline.created', { source: item.source ?? '' });
  }

  return (
    <li data-type={item.type}>
      <span className={styles.dot}>
        <Icon size={17} stroke={1.75} aria-hidden />
      </span>
      {opens ? (
        <OrderEntry item={item} />
      ) : (
        <div className={styles.entry}>
          <strong>{title()}</strong>
          <span className={styles.meta}>
            {[
              format.instant(item.at),
              item.cause && t(`cause.${item.cause}`, { defaultValue: item.cause }),
              item.actor,
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </div>
      )}
    </li>
  );
}
