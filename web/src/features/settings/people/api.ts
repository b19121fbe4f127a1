import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Api } from '@/api/types';

export type User = Api<'User'>;
export type NewUser = Api<'CreateUser'>;
export type UserChange = Api<'PatchUser'>;
export type Role = Api<'Role'>;
export type RoleInput = Api<'RoleInput'>;
export type Grants = Role['grants'];
export type Reach = Api<'Reach'>;
export type Unit = Api<'OrgUnit'>;
export type UnitInput = Api<'UnitInput'>;
export type Team = Api<'Team'>;
export type Store = Api<'Store'>;

/** Everybody who can sign in. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async () => unwrap(await api.GET('/api/users')),
});

/** The roles of every chain and those of this one. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async () => unwrap(await api.GET('/api/roles')),
});

/** What there is to grant. */
export const roleGridQuery = queryOptions({
  queryKey: ['role-grid'],
  queryFn: async () => unwrap(await api.GET('/api/role-grid')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The parts of the organisation. */
export const unitsQuery = queryOptions({
  queryKey: ['units'],
  queryFn: async () => unwrap(await api.GET('/api/units')),
});

/** All stores, page by page. */
export const allStoresQuery = queryOptions({
  queryKey: ['stores', 'all'],
  queryFn: async () => {
    const stores: Store[] = [];
    let cursor: string | undefined;
    do {
      const page = unwrap(await api.GET('/api/stores', { params: { query: { cursor } } }));
      stores.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor);
    return stores;
  },
});

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: async () => unwrap(await api.GET('/api/teams')),
});

/** Parts, stores and, for those who may see people, teams: one picture. */
export function organisationQuery(withTeams: boolean) {
  return queryOptions({
    queryKey: ['units', 'organisation', withTeams],
    queryFn: async ({ client }) => {
      const [units, stores, teams] = await Promise.all([
        client.fetchQuery(unitsQuery),
        client.fetchQuery(allStoresQuery),
        withTeams ? client.fetchQuery(teamsQuery) : undefined,
      ]);
      return { units: units.items, stores, teams: teams?.items };
    },
  });
}

/** What changes when people, roles or places do. */
const TOUCHED = ['users', 'roles', 'units', 'stores', 'teams'];

/** A change after which people, roles and places are read anew. */
function useChange<T, R>(mutationFn: (input: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => TOUCHED.includes(String(queryKey[0])),
      }),
  });
}

const over = (version: number) => ({ 'If-Match': `"v${version}"` });

/** Adds a person. */
export const useCreateUser = () =>
  useChange(async (body: NewUser) => unwrap(await api.POST('/api/users', { body })));

/** Makes a link by which a person chooses their own password. */
export const useInvite = () =>
  useChange(async ({ id }: User) =>
    unwrap(await api.POST('/api/users/{id}/invitation', { params: { path: { id } } })),
  );

/** Takes the second factor of somebody who has lost it. */
export const useResetSecondFactor = () =>
  useChange(async ({ id }: User) =>
    unwrap(await api.DELETE('/api/users/{id}/second-factor', { params: { path: { id } } })),
  );

/** What hangs on a person. */
export function belongingsQuery(id: string) {
  return queryOptions({
    queryKey: ['users', id, 'belongings'],
    queryFn: async () =>
      unwrap(await api.GET('/api/users/{id}/belongings', { params: { path: { id } } })),
  });
}

/** Takes a person out of the chain, over the version they were read at. */
export const useLeave = () =>
  useChange(async ({ user, successor }: { user: User; successor: string | null }) =>
    unwrap(
      await api.POST('/api/users/{id}/leave', {
        params: { path: { id: user.id }, header: over(user.version) },
        body: { successor_id: successor },
      }),
    ),
  );

/** Changes a person over the version they were read at. */
export const useChangeUser = () =>
  useChange(async ({ user, change }: { user: User; change: Partial<UserChange> }) =>
    unwrap(
      await api.PATCH('/api/users/{id}', {
        params: { path: { id: user.id }, header: over(user.version) },
        // The server leaves alone whatever is missing, which the schema cannot say.
        body: change as UserChange,
      }),
    ),
  );

/** Saves a role of the chain's own: a new one, or over the version it was read at. */
export const useSaveRole = () =>
  useChange(async ({ role, body }: { role?: Role | undefined; body: RoleInput }) =>
    role?.id
      ? unwrap(
          await api.PUT('/api/roles/{id}', {
            params: { path: { id: role.id }, header: over(role.version) },
            body,
          }),
        )
      : unwrap(await api.POST('/api/roles', { body })),
  );

export const useDeleteRole = () =>
  useChange(async (id: string) =>
    unwrap(await api.DELETE('/api/roles/{id}', { params: { path: { id } } })),
  );

/** Saves a part of the organisation: a new one, or over the version it was read at. */
export const useSaveUnit = () =>
  useChange(async ({ unit, body }: { unit?: Unit | undefined; body: UnitInput }) =>
    unit
      ? unwrap(
          await api.PUT('/api/units/{id}', {
            params: { path: { id: unit.id }, header: over(unit.version) },
            body,
          }),
        )
      : unwrap(await api.POST('/api/units', { body })),
  );

export const useDeleteUnit = () =>
  useChange(async (id: string) =>
    unwrap(await api.DELETE('/api/units/{id}', { params: { path: { id } } })),
  );

/** Moves a store below a part of the organisation, or below the chain itself. */
export const useMoveStore = () =>
  useChange(async ({ store, unit }: { store: Store; unit: string | null }) =>
    unwrap(
      await api.PATCH('/api/stores/{id}', {
        params: { path: { id: store.id }, header: over(store.version) },
        body: { unit_id: unit } as Api<'StoreInput'>,
      }),
    ),
  );

export const useSaveTeam = () =>
  useChange(async ({ team, name }: { team?: Team | undefined; name: string }) =>
    team
      ? unwrap(
          await api.PUT('/api/teams/{id}', {
            params: { path: { id: team.id }, header: over(team.version) },
            body: { name },
          }),
        )
      : unwrap(await api.POST('/api/teams', { body: { name } })),
  );

export const useDeleteTeam = () =>
  useChange(async (id: string) =>
    unwrap(await api.DELETE('/api/teams/{id}', { params: { path: { id } } })),
  );
