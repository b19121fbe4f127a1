import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/lib/session';
import { Page } from '@/ui/page';
import { QueryView } from '@/ui/query-view';
import { ForbiddenState } from '@/ui/states';
import { schemesQuery } from './api';
import { DraftEditor } from './draft-editor';

/** The draft of the next scheme: edit, try out, publish. */
export function TierEditScreen() {
  const { t } = useTranslation('tiers');
  const query = useQuery(schemesQuery);
  const allowed = useCan('tiers.edit');
  return (
    <Page
      title={t('draft.title')}
      subtitle={t('draft.subtitle')}
      back={<Link to="/tiers">{t('title')}</Link>}
    >
      {allowed ? (
        <QueryView query={query}>
          {({ data, etag }) => (
            <DraftEditor schemes={data} etag={etag} reload={() => query.refetch()} />
          )}
        </QueryView>
      ) : (
        <ForbiddenState />
      )}
    </Page>
  );
}
