import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Panel } from '@/ui/panel';
import { Sheet } from '@/ui/sheet';
import type { Import } from './api';

type Kept = { noun: string; id: string; name: string };

/** Reads the list of what an undo left alone; the summary is open-ended on the wire. */
function keptOf(one: Import): Kept[] {
  const list: unknown = one.summary.kept_after_undo;
  if (!Array.isArray(list)) return [];
  return list.filter(
    (item): item is Kept => typeof item === 'object' && item !== null && 'noun' in item,
  );
}

/** What somebody had edited since the import, and which an undo therefore kept. */
export function KeptList({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const kept = keptOf(one);
  if (one.state !== 'undone' || kept.length === 0) return null;
  return (
    <Panel
      title={t('kept.title')}
      subtitle={t('kept.subtitle', { count: kept.length, number: format.count(kept.length) })}
      flush
    >
      <Sheet
        caption={t('kept.title')}
        rows={kept}
        rowKey={(row) => `${row.noun} ${row.id}`}
        columns={[
          {
            key: 'name',
            header: t('kept.name'),
            cell: (row) =>
              row.noun === 'customer' ? (
                <Link to="/customers/$id" params={{ id: row.id }}>
                  {row.name || row.id}
                </Link>
              ) : (
                row.name || row.id
              ),
          },
          {
            key: 'noun',
            header: t('kept.noun'),
            cell: (row) => t(`noun.${row.noun}`, { defaultValue: row.noun }),
          },
        ]}
      />
    </Panel>
  );
}
