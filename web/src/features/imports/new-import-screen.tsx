import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/lib/session';
import { Page } from '@/ui/page';
import { BlockSkeleton } from '@/ui/skeleton';
import { ForbiddenState } from '@/ui/states';
import { importQuery } from './api';
import { MapStep } from './map-step';
import type { NewImportSearch } from './search';
import { UploadStep } from './upload-step';
import { WizardSteps } from './wizard-steps';

const route = getRouteApi('/app/imports/new');

/** The first two steps of the wizard: give a file, then say how to read it. */
export function NewImportScreen() {
  const { t } = useTranslation('imports');
  const search = route.useSearch();
  const navigate = useNavigate();
  const allowed = useCan('imports.create');
  const like = useQuery({ ...importQuery(search.like ?? ''), enabled: Boolean(search.like) });
  const mapping = Boolean(search.upload && search.kind && search.source);
  const waiting = search.like !== undefined && like.isPending;
  const change = (next: NewImportSearch) => void navigate({ to: '/imports/new', search: next });

  return (
    <Page
      title={t('wizard.title')}
      subtitle={mapping ? search.name : t('wizard.subtitle')}
      back={<Link to="/imports">{t('title')}</Link>}
    >
      <WizardSteps current={mapping ? 1 : 0} />
      {!allowed ? (
        <ForbiddenState />
      ) : !mapping ? (
        <UploadStep search={search} onDone={change} />
      ) : waiting ? (
        <BlockSkeleton lines={8} />
      ) : (
        <MapStep
          key={search.upload}
          upload={search.upload ?? ''}
          kind={search.kind ?? 'orders'}
          source={search.source ?? ''}
          initial={like.data?.options ?? {}}
          onBack={() => change({ kind: search.kind, source: search.source })}
        />
      )}
    </Page>
  );
}
