import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';

/** Where backups are kept and which there are, newest first. */
export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: async () => unwrap(await api.GET('/api/backups')),
});
