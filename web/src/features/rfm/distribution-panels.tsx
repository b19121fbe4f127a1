import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { term } from '@/lib/i18n';
import { useFormat } from '@/lib/use-format';
import { ChartFrame } from '@/ui/chart-frame';
import { ShareBars } from '@/ui/share-bars';
import { TwinLegend } from '@/ui/twin-bar';
import type { Distribution } from './api';
import styles from './rfm.module.css';

/** Customers by ABC class and by stage of life, with their share of revenue. */
export function DistributionPanels({ distribution }: { distribution: Distribution }) {
  const { t } = useTranslation('rfm');
  const format = useFormat();
  const classA = distribution.abc.find((row) => row.code.toUpperCase() === 'A');
  const active = distribution.lifecycle.find((row) => row.code === 'active');
  return (
    <div className={styles.pair}>
      <SharePanel
        title={t('abc.title')}
        summary={
          classA
            ? t('abc.summary', {
                share: format.percent(classA.share ?? 0),
                net: format.percent(classA.net_share ?? 0),
              })
            : t('no_figures')
        }
        rows={distribution.abc.map((row) => ({
          ...row,
          name: term(t, 'abc', row.code),
          link: (
            <Link to="/customers" search={{ abc: row.code }}>
              {term(t, 'abc', row.code)}
            </Link>
          ),
        }))}
      />
      <SharePanel
        title={t('lifecycle.title')}
        summary={
          active
            ? t('lifecycle.summary', {
                count: active.customers,
                number: format.count(active.customers),
                share: format.percent(active.share ?? 0),
              })
            : t('no_figures')
        }
        rows={distribution.lifecycle.map((row) => ({
          ...row,
          name: term(t, 'lifecycle', row.code),
          link: (
            <Link to="/customers" search={{ lifecycle: row.code }}>
              {term(t, 'lifecycle', row.code)}
            </Link>
          ),
        }))}
      />
    </div>
  );
}

type Row = Distribution['abc'][number] & { name: string; link: ReactNode };

function SharePanel({ title, summary, rows }: { title: string; summary: string; rows: Row[] }) {
  const { t } = useTranslation('rfm');
  const format = useFormat();
  return (
    <ChartFrame
      title={title}
      summary={summary}
      table={{
        head: [title, t('col.customers'), t('col.share'), t('col.net'), t('col.net_share')],
        rows: rows.map((row) => [
          row.name,
          format.count(row.customers),
          format.percent(row.share ?? 0),
          format.money(row.net, 0),
          format.percent(row.net_share ?? 0),
        ]),
      }}
    >
      <div className={styles.legend}>
        <TwinLegend first={t('col.share_of_customers')} second={t('col.share_of_net')} />
      </div>
      <ShareBars
        rows={rows.map((row) => ({
          key: row.code,
          label: row.link,
          share: row.share ?? 0,
          other: row.net_share ?? 0,
          value: format.count(row.customers),
          note: t('of_revenue', { share: format.percent(row.net_share ?? 0) }),
        }))}
      />
    </ChartFrame>
  );
}
