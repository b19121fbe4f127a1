import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Page } from '@/ui/page';
import { QueryView } from '@/ui/query-view';
import { type Import, importQuery, isBusy } from './api';
import { ImportResult } from './import-result';
import { ImportRunning } from './import-running';
import styles from './imports.module.css';
import { ImportState } from './state-tag';
import { WizardSteps } from './wizard-steps';

const route = getRouteApi('/app/imports/$id');

/** One import: its dry run, its progress, its result. */
export function ImportScreen() {
  const { t } = useTranslation('imports');
  const { id } = route.useParams();
  const query = useQuery(importQuery(id));
  return (
    <Page
      title={query.data?.file_name ?? t('one.title')}
      subtitle={query.data && <Facts one={query.data} />}
      back={<Link to="/imports">{t('title')}</Link>}
      actions={query.data && <ImportState row={query.data} />}
    >
      <QueryView query={query}>
        {(one) => (
          <div className={styles.stack}>
            {one.state !== 'undone' && one.state !== 'undoing' && (
              <WizardSteps current={stepOf(one)} />
            )}
            {isBusy(one) ? <ImportRunning one={one} /> : <ImportResult one={one} />}
          </div>
        )}
      </QueryView>
    </Page>
  );
}

function stepOf(one: Import): number {
  if (one.dry_run) return 2;
  return one.state === 'done' ? 4 : 3;
}

function Facts({ one }: { one: Import }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const parts = [t(`kind.${one.kind}`), one.source, format.instant(one.created_at)];
  return parts.join(' · ');
}
