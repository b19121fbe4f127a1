import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/lib/session';
import { allStoresQuery, type Role, rolesQuery, teamsQuery, type User, unitsQuery } from './api';
import { unitChoices } from './tree';

/** What people call a role: built-in ones by the language, own ones by their name. */
export function useRoleNames() {
  const { t } = useTranslation('people');
  const { data, isLoading } = useQuery(rolesQuery);
  return {
    loading: isLoading,
    nameOf: (key: string) =>
      data?.items.find((role) => role.key === key)?.name ?? t(`role.${key}`, { defaultValue: key }),
  };
}

/** The name of a role that is at hand. */
export function useNameOfRole() {
  const { t } = useTranslation('people');
  return (role: Role) => role.name ?? t(`role.${role.key}`, { defaultValue: role.key });
}

/** The places where somebody can work, as choices, and the name of somebody's. */
export function usePlaces() {
  const { t } = useTranslation('people');
  const allowed = useCan('stores.see');
  const ofUnits = useQuery({ ...unitsQuery, enabled: allowed });
  const ofStores = useQuery({ ...allStoresQuery, enabled: allowed });
  const [units, stores] = [ofUnits.data?.items ?? [], ofStores.data ?? []];
  const named = (id: string | null | undefined, rows: { id: string; name: string }[]) =>
    rows.find((row) => row.id === id)?.name;
  return {
    loading: ofUnits.isLoading || ofStores.isLoading,
    choices: [
      { value: '', label: t('place.chain') },
      ...unitChoices(units),
      ...stores.map((store) => ({ value: store.id, label: t('place.store', store) })),
    ],
    nameOf: (user: User) =>
      named(user.store_id, stores) ?? named(user.unit_id, units) ?? t('place.chain'),
  };
}

/** The teams as choices. */
export function useTeamChoices() {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  return teams.map((team) => ({ value: team.id, label: team.name }));
}
