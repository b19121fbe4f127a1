import { Button, TextInput } from '@mantine/core';
import { IconBuildingStore, IconPlus, IconSitemap, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '@/lib/problem-text';
import { useCan } from '@/lib/session';
import { useOnce } from '@/lib/use-once';
import { Tag } from '@/ui/color-badge';
import { FormError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { EmptyState } from '@/ui/states';
import { showFailed } from '@/ui/undo-toast';
import {
  organisationQuery,
  type Store,
  type Team,
  type Unit,
  useDeleteTeam,
  useMoveStore,
  useSaveTeam,
} from './api';
import styles from './people.module.css';
import { branches, storesIn, unitChoices } from './tree';
import { UnitDialog } from './unit-dialog';
import { UnitSelect } from './unit-select';

/** Regions, countries and areas with their stores, and the teams across them. */
export function OrganisationTab() {
  const query = useQuery(organisationQuery(useCan('people.see')));
  return (
    <QueryView query={query}>
      {({ units, stores, teams }) => (
        <div className={styles.stack}>
          <Tree items={units} stores={stores} />
          {teams && <Teams items={teams} />}
        </div>
      )}
    </QueryView>
  );
}

function Tree({ items, stores }: { items: Unit[]; stores: Store[] }) {
  const { t } = useTranslation('people');
  const [mayAdd, mayEdit] = [useCan('stores.create'), useCan('stores.edit')];
  const [open, setOpen] = useState<Unit | 'new' | null>(null);
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setOpen('new')}>
      {t('unit_add')}
    </Button>
  );
  return (
    <Panel title={t('unit_title')} subtitle={t('unit_subtitle')} actions={add} flush>
      {items.length === 0 && (
        <EmptyState icon={<IconSitemap size={28} aria-hidden />} title={t('unit_empty')}>
          <p className={styles.quiet}>{t('unit_empty_text')}</p>
        </EmptyState>
      )}
      <ul className={styles.tree}>
        {branches(items).map(({ unit, depth }) => (
          <li key={unit.id}>
            <div className={styles.unit} style={{ '--depth': depth } as React.CSSProperties}>
              <IconSitemap size={16} aria-hidden />
              <strong>{unit.name}</strong>
              <Tag label={t(`unit_kind.${unit.kind}`)} />
              {mayEdit && (
                <Button
                  size="xs"
                  variant="default"
                  className={styles.end}
                  aria-label={t('edit_named', unit)}
                  onClick={() => setOpen(unit)}
                >
                  {t('common:action.edit')}
                </Button>
              )}
            </div>
            <Stores
              stores={storesIn(stores, unit.id)}
              units={items}
              depth={depth + 1}
              mayEdit={mayEdit}
            />
          </li>
        ))}
        {items.length > 0 && storesIn(stores, null).length > 0 && (
          <li>
            <div className={styles.unit}>
              <strong>{t('unit_none')}</strong>
            </div>
            <Stores stores={storesIn(stores, null)} units={items} depth={1} mayEdit={mayEdit} />
          </li>
        )}
      </ul>
      {open && (
        <UnitDialog
          unit={open === 'new' ? undefined : open}
          units={items}
          onClose={() => setOpen(null)}
        />
      )}
    </Panel>
  );
}

type StoresProps = { stores: Store[]; units: Unit[]; depth: number; mayEdit: boolean };

function Stores({ stores, units, depth, mayEdit }: StoresProps) {
  const { t } = useTranslation('people');
  const describe = useProblemText();
  const move = useMoveStore();
  if (stores.length === 0) return null;
  return (
    <ul className={styles.tree}>
      {stores.map((store) => (
        <li
          key={store.id}
          className={styles.unit}
          style={{ '--depth': depth } as React.CSSProperties}
        >
          <IconBuildingStore size={16} aria-hidden />
          <span>{store.name}</span>
          {mayEdit && (
            <UnitSelect
              size="xs"
              className={`${styles.reach} ${styles.end}`}
              aria-label={t('unit_of', store)}
              choices={[{ value: '', label: t('unit_none') }, ...unitChoices(units)]}
              value={store.unit_id ?? ''}
              onChange={(unit) =>
                move.mutate(
                  { store, unit: unit || null },
                  { onError: (error) => showFailed(describe(error)) },
                )
              }
            />
          )}
        </li>
      ))}
    </ul>
  );
}

function Teams({ items }: { items: Team[] }) {
  const { t } = useTranslation('people');
  const allowed = useCan('people.edit');
  const save = useSaveTeam();
  const [name, setName] = useState('');
  const once = useOnce(save.isPending);

  function submit(event: FormEvent) {
    event.preventDefault();
    once(() => save.mutate({ name }, { onSuccess: () => setName('') }));
  }

  return (
    <Panel title={t('team_title')} subtitle={t('team_subtitle')} flush>
      <ul className={styles.tree}>
        {items.map((team) => (
          <TeamRow key={team.id} team={team} allowed={allowed} />
        ))}
      </ul>
      {allowed && (
        <form className={styles.inline} onSubmit={submit}>
          <TextInput
            aria-label={t('team_name')}
            placeholder={t('team_name')}
            required
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={save.isPending}>
            {t('team_add')}
          </Button>
          <FormError error={save.error} />
        </form>
      )}
    </Panel>
  );
}

function TeamRow({ team, allowed }: { team: Team; allowed: boolean }) {
  const { t } = useTranslation('people');
  const describe = useProblemText();
  const remove = useDeleteTeam();
  return (
    <li className={styles.unit}>
      <IconUsersGroup size={16} aria-hidden />
      <span>{team.name}</span>
      {allowed && (
        <Button
          size="xs"
          variant="default"
          className={styles.end}
          loading={remove.isPending}
          aria-label={t('common:action.remove_named', team)}
          onClick={() =>
            remove.mutate(team.id, { onError: (error) => showFailed(describe(error)) })
          }
        >
          {t('common:action.remove')}
        </Button>
      )}
    </li>
  );
}
