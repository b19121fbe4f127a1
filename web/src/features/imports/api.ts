import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Api } from '@/api/types';
import type { ImportKind } from './search';

export type Import = Api<'Import'>;
/** What people have chosen; the server finds out the rest. */
export type ImportOptions = Partial<Api<'ImportOptions'>>;
export type Preview = Api<'Preview'>;
export type PreviewColumn = Preview['columns'][number];
export type PreviewField = Preview['fields'][number];
export type Reject = Api<'Rejects'>['items'][number];
export type PreviewInput = {
  upload_id: string;
  kind: ImportKind;
  source: string;
  options: ImportOptions;
};

/** The body of a request; the schema cannot say that every option may be missing. */
function readRequest({ options, ...input }: PreviewInput, dry_run: boolean): Api<'ReadRequest'> {
  return { ...input, dry_run, options: options as Api<'ImportOptions'> };
}

const REFRESH_MS = 2000;
const BUSY = new Set(['queued', 'running', 'paused', 'undoing']);

/** Whether an import is still being worked on. */
export function isBusy(one: Import): boolean {
  return BUSY.has(one.state);
}

/** Every import, newest first. */
export const importsQuery = infiniteQueryOptions({
  queryKey: ['imports', 'list'],
  queryFn: async ({ pageParam }) =>
    unwrap(
      await api.GET('/api/imports', {
        params: { query: pageParam ? { cursor: pageParam } : {} },
      }),
    ),
  initialPageParam: '',
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.items.some(isBusy)) ? REFRESH_MS : false,
});

/** One import with its counts. */
export function importQuery(id: string) {
  return queryOptions({
    queryKey: ['imports', 'one', id],
    queryFn: async () => unwrap(await api.GET('/api/imports/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? REFRESH_MS : false),
  });
}

/** How the server reads a file with the options chosen so far. */
export function previewQuery(input: PreviewInput) {
  return queryOptions({
    queryKey: ['imports', 'preview', input],
    queryFn: async ({ signal }) =>
      unwrap(await api.POST('/api/imports/preview', { body: readRequest(input, false), signal })),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** The rows that an import could not use. */
export function rejectsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['imports', 'rejects', id],
    queryFn: async ({ pageParam }) =>
      unwrap(
        await api.GET('/api/imports/{id}/rejects', {
          params: {
            path: { id },
            query: pageParam ? { limit: 25, cursor: pageParam } : { limit: 25 },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** The address of the rejected rows as a file. */
export function rejectsFile(id: string): string {
  return `/api/imports/${encodeURIComponent(id)}/rejects.csv`;
}

/** Starts an import or a dry run. */
export function useStartImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ dry_run, ...input }: PreviewInput & { dry_run: boolean }) =>
      unwrap(await api.POST('/api/imports', { body: readRequest(input, dry_run) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['imports', 'list'] }),
  });
}

type Verb = 'cancel' | 'resume' | 'undo' | 'run';

/** Asks an import to stop, go on, be undone, or be done for real after a dry run. */
export function useImportAction(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (verb: Verb) => {
      const params = { path: { id } };
      switch (verb) {
        case 'cancel':
          return unwrap(await api.POST('/api/imports/{id}/cancel', { params }));
        case 'resume':
          return unwrap(await api.POST('/api/imports/{id}/resume', { params }));
        case 'undo':
          return unwrap(await api.POST('/api/imports/{id}/undo', { params }));
        case 'run':
          return unwrap(await api.POST('/api/imports/{id}/run', { params }));
      }
    },
    onSuccess: (changed) => {
      client.setQueryData(importQuery(changed.id).queryKey, changed);
      return client.invalidateQueries({ queryKey: ['imports', 'list'] });
    },
  });
}

/** Pauses the job behind an import. */
export function usePauseJob() {
  return useMutation({
    mutationFn: async (id: string) =>
      unwrap(await api.POST('/api/jobs/{id}/{verb}', { params: { path: { id, verb: 'pause' } } })),
  });
}

/** Gives corrected rows again, as an import of their own. */
export function useRetryRejects(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (rows: { line: number; cells: string[] }[]) =>
      unwrap(
        await api.POST('/api/imports/{id}/rejects/retry', {
          params: { path: { id } },
          body: { rows },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['imports'] }),
  });
}
