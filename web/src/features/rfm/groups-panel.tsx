import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { term } from '@/lib/i18n';
import { useFormat } from '@/lib/use-format';
import { Panel } from '@/ui/panel';
import { Sheet } from '@/ui/sheet';
import { TwinBar, TwinLegend } from '@/ui/twin-bar';
import type { RfmReport } from './api';

/** The named groups, what each stands for, and its share of people and of revenue. */
export function GroupsPanel({ report }: { report: RfmReport }) {
  const { t } = useTranslation('rfm');
  const format = useFormat();
  const top = report.groups.reduce(
    (best, group) => ((group.net_share ?? 0) > (best?.net_share ?? -1) ? group : best),
    report.groups[0],
  );
  const largest = Math.max(
    1e-9,
    ...report.groups.flatMap((group) => [group.share ?? 0, group.net_share ?? 0]),
  );
  return (
    <Panel
      title={t('groups.title')}
      subtitle={
        top &&
        t('groups.summary', {
          group: term(t, 'rfm_group', top.group),
          share: format.percent(top.share ?? 0),
          net: format.percent(top.net_share ?? 0),
        })
      }
      actions={<TwinLegend first={t('col.share_of_customers')} second={t('col.share_of_net')} />}
      flush
    >
      <Sheet
        caption={t('groups.title')}
        rows={report.groups}
        rowKey={(row) => row.group}
        columns={[
          {
            key: 'group',
            header: t('col.group'),
            cell: (row) => (
              <Link to="/customers" search={{ rfm_group: row.group }}>
                {term(t, 'rfm_group', row.group)}
              </Link>
            ),
          },
          {
            key: 'meaning',
            header: t('col.meaning'),
            cell: (row) => t(`meaning.${row.group}`, { defaultValue: '' }),
          },
          {
            key: 'customers',
            header: t('col.customers'),
            align: 'end',
            cell: (row) => format.count(row.customers),
          },
          {
            key: 'net',
            header: t('col.net'),
            align: 'end',
            cell: (row) => format.money(row.net, 0),
          },
          {
            key: 'shares',
            header: t('col.shares'),
            cell: (row) => (
              <TwinBar
                first={(row.share ?? 0) / largest}
                second={(row.net_share ?? 0) / largest}
                firstText={format.percent(row.share ?? 0)}
                secondText={format.percent(row.net_share ?? 0)}
              />
            ),
          },
        ]}
      />
    </Panel>
  );
}
