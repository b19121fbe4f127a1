import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { EmptyState } from '@/ui/states';
import { gradeHistoryQuery } from './api';
import styles from './customer.module.css';
import { useTierName } from './why-panel';

/** Every change of tier with its cause. */
export function GradeHistory({ id }: { id: string }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const tierName = useTierName();
  const query = useQuery(gradeHistoryQuery(id));
  return (
    <Panel>
      <QueryView query={query}>
        {(list) =>
          list.items.length === 0 ? (
            <EmptyState title={t('grades.empty')} />
          ) : (
            <ul className={styles.plain}>
              {list.items.map((one) => (
                <li key={`${one.at} ${one.to}`}>
                  <span className={styles.recordName}>
                    <strong>
                      {t('timeline.grade', { from: tierName(one.from), to: tierName(one.to) })}
                    </strong>
                    <span className={styles.meta}>
                      {t(`cause.${one.cause}`, { defaultValue: one.cause })}
                    </span>
                  </span>
                  <span className={styles.meta}>{format.day(one.as_of)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Panel>
  );
}
