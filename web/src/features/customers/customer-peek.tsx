import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '@/ui/avatar';
import { QueryView } from '@/ui/query-view';
import { customerQuery } from './api';
import { nameOf, type Row } from './columns';
import { CustomerFacts } from './customer-facts';
import { CustomerTags } from './customer-tags';
import styles from './customers.module.css';

/** A short look at a customer beside the list. */
export function CustomerPeek({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const query = useQuery(customerQuery(row.id));
  return (
    <aside className={styles.peek} aria-label={t('peek', { name: nameOf(row) })}>
      <header className={styles.peekHead}>
        <Avatar name={nameOf(row)} />
        <div>
          <strong>{nameOf(row)}</strong>
          <span>{row.number}</span>
        </div>
        <button
          type="button"
          className={styles.trash}
          aria-label={t('common:action.close')}
          onClick={onClose}
        >
          <IconX size={18} aria-hidden />
        </button>
      </header>
      <CustomerTags row={row} />
      <QueryView query={query}>{({ data }) => <CustomerFacts customer={data} />}</QueryView>
      <Link to="/customers/$id" params={{ id: row.id }}>
        {t('open_page')}
      </Link>
    </aside>
  );
}
