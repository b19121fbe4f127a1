import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { term } from '@/lib/i18n';
import { useFormat } from '@/lib/use-format';
import { QueryView } from '@/ui/query-view';
import { orderQuery } from './api';
import styles from './customer.module.css';

/** An order in the timeline, which opens to its lines. */
export function OrderEntry({ item }: { item: Api<'TimelineItem'> }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const panel = useId();
  const meta = [
    format.instant(item.at),
    item.store?.name,
    item.channel && term(t, 'channel', item.channel),
    typeof item.units === 'number' &&
      t('timeline.units', { count: item.units, number: format.count(item.units) }),
    item.status && item.status !== 'paid' && term(t, 'order_status', item.status),
  ];
  return (
    <div className={styles.entry}>
      <button
        type="button"
        className={styles.orderHead}
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
      >
        <span className={styles.orderTitle}>
          <strong>{t(`timeline.${item.type}`, { number: item.external_id ?? '' })}</strong>
          <span className={styles.meta}>{meta.filter(Boolean).join(' · ')}</span>
        </span>
        {item.net && <strong className={styles.amount}>{format.money(item.net)}</strong>}
        <IconChevronDown size={16} className={styles.chevron} aria-hidden />
      </button>
      <div id={panel}>{open && item.id && <OrderLines id={item.id} />}</div>
    </div>
  );
}

function OrderLines({ id }: { id: string }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const query = useQuery(orderQuery(id));
  return (
    <QueryView query={query}>
      {(order) => (
        <div className={styles.lines}>
          <table>
            <caption className="visually-hidden">
              {t('order.lines', { number: order.external_id })}
            </caption>
            <thead>
              <tr>
                <th scope="col">{t('order.product')}</th>
                <th scope="col" className="num">
                  {t('order.units')}
                </th>
                <th scope="col" className="num">
                  {t('order.net')}
                </th>
              </tr>
            </thead>
            <tbody>
              {order.lines.map((line) => (
                <tr key={line.line}>
                  <th scope="row">
                    {line.name || line.product?.name || line.sku || '–'}
                    {line.sku && <span className={styles.meta}>{line.sku}</span>}
                  </th>
                  <td className="num">{format.decimal(Number(line.quantity), 3)}</td>
                  <td className="num">{format.money(line.net)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {order.discount.amount !== 0 && (
            <p className={styles.meta}>
              {t('order.discount', { amount: format.money(order.discount) })}
            </p>
          )}
          <p className={styles.meta}>{t('order.source', { source: order.source })}</p>
        </div>
      )}
    </QueryView>
  );
}
