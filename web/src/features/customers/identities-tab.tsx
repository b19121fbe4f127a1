import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { term } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import { ConfirmDialog } from '@/ui/confirm';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { identitiesQuery, useUndoMerge } from './api';
import styles from './customer.module.css';

/** The keys by which this person is known, the records behind them, and how they were joined. */
export function IdentitiesTab({ id }: { id: string }) {
  const query = useQuery(identitiesQuery(id));
  return (
    <QueryView query={query}>
      {(data) => (
        <div className={styles.stack}>
          <Keys identifiers={data.identifiers} />
          <Records records={data.records} />
          {data.merges.length > 0 && <Merges merges={data.merges} />}
        </div>
      )}
    </QueryView>
  );
}

function Keys({ identifiers }: { identifiers: Api<'Identifier'>[] }) {
  const { t } = useTranslation('customers');
  return (
    <Panel title={t('identities.keys')}>
      <ul className={styles.plain}>
        {identifiers.map((one) => (
          <li key={one.id}>
            <span className={styles.keyKind}>{term(t, 'identifier', one.kind)}</span>
            <span className={styles.keyValue}>{one.value}</span>
            {one.verified && <Tag label={t('identities.verified')} tone="good" />}
            {one.shared && <Tag label={t('identities.shared')} tone="warn" />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Records({ records }: { records: Api<'SourceRecord'>[] }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  return (
    <Panel title={t('identities.records')} subtitle={t('identities.records_hint')}>
      <ul className={styles.plain}>
        {records.map((one) => (
          <li key={one.id}>
            <span className={styles.recordName}>
              <strong>{one.name || one.number}</strong>
              <span className={styles.meta}>
                {[one.number, one.source, format.instant(one.created_at)]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            <span className={styles.meta}>
              {t('identities.orders', { count: one.orders, number: format.count(one.orders) })}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Merges({ merges }: { merges: Api<'Merge'>[] }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const [asked, setAsked] = useState<Api<'Merge'> | null>(null);
  const undo = useUndoMerge();
  const allowed = useCan('duplicates.edit');
  return (
    <Panel title={t('identities.merges')}>
      <ul className={styles.plain}>
        {merges.map((one) => (
          <li key={one.id}>
            <span className={styles.recordName}>
              <strong>
                {t('identities.merge', { loser: one.loser.name, winner: one.winner.name })}
              </strong>
              <span className={styles.meta}>
                {[
                  format.instant(one.at),
                  t(`cause.${one.cause}`, { defaultValue: one.cause }),
                  one.actor,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <Evidence evidence={one.evidence} />
            </span>
            {one.undone_at ? (
              <Tag label={t('identities.undone', { date: format.day(one.undone_at) })} />
            ) : (
              allowed && (
                <Button variant="default" size="xs" onClick={() => setAsked(one)}>
                  {t('identities.unmerge')}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={asked !== null}
        title={t('identities.unmerge_title')}
        confirm={t('identities.unmerge')}
        busy={undo.isPending}
        error={undo.error}
        onClose={() => {
          undo.reset();
          setAsked(null);
        }}
        onConfirm={() => asked && undo.mutate(asked.id, { onSuccess: () => setAsked(null) })}
      >
        {t('identities.unmerge_hint', { name: asked?.loser.name ?? '' })}
      </ConfirmDialog>
    </Panel>
  );
}

type Compared = { field: string; agreement: string };

function isCompared(item: unknown): item is Compared {
  return typeof item === 'object' && item !== null && 'field' in item && 'agreement' in item;
}

/** What was equal or similar when the records were joined; other kinds of merge keep no fields. */
function Evidence({ evidence }: { evidence: unknown }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const alike = (Array.isArray(evidence) ? evidence.filter(isCompared) : []).filter(
    ({ agreement }) => agreement === 'equal' || agreement === 'similar',
  );
  if (alike.length === 0) return null;
  const words = alike.map(({ field, agreement }) =>
    t(`identities.${agreement}`, { field: t(`field.${field}`, { defaultValue: field }) }),
  );
  return <span className={styles.meta}>{format.list(words)}</span>;
}
