import { Button } from '@mantine/core';
import { IconEdit } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useHotkeys } from '@/lib/hotkeys';
import { useCan } from '@/lib/session';
import { Avatar } from '@/ui/avatar';
import { Page } from '@/ui/page';
import { Panel } from '@/ui/panel';
import { PageSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { TabBar } from '@/ui/tab-bar';
import { customerQuery } from './api';
import { nameOf } from './columns';
import styles from './customer.module.css';
import { CustomerFacts } from './customer-facts';
import { CustomerFigures } from './customer-figures';
import { CustomerTags } from './customer-tags';
import { GradeFacts } from './grade-facts';
import { GradeHistory } from './grade-history';
import { IdentitiesTab } from './identities-tab';
import { CUSTOMER_TABS, type CustomerSearch } from './search';
import { Timeline } from './timeline';
import { useListAround } from './use-list-around';
import { WhyPanel } from './why-panel';

const EditCustomerDialog = lazy(() =>
  import('./customer-dialog').then((m) => ({ default: m.EditCustomerDialog })),
);
const OwnerDialog = lazy(() => import('./owner-dialog').then((m) => ({ default: m.OwnerDialog })));
const OverrideDialog = lazy(() =>
  import('./override-dialog').then((m) => ({ default: m.OverrideDialog })),
);

const route = getRouteApi('/app/customers/$id');

/** Who a customer is, what they are worth, why they are graded so, and all that happened. */
export function CustomerScreen() {
  const { t } = useTranslation('customers');
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const query = useQuery(customerQuery(id));
  const around = useListAround(id);
  const goTo = (other: string | undefined) => {
    if (other) void navigate({ to: '/customers/$id', params: { id: other } });
  };
  useHotkeys({ '[': () => goTo(around.previous), ']': () => goTo(around.next) });
  const back = <Back search={around.search} />;
  if (query.data)
    return <CustomerPage key={id} customer={query.data.data} etag={query.data.etag} back={back} />;
  if (query.isError) {
    return (
      <Page title={t('title')} back={back}>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  return <PageSkeleton />;
}

function Back({ search }: { search: CustomerSearch }) {
  const { t } = useTranslation('customers');
  return (
    <Link to="/customers" search={search}>
      ← {t('title')}
    </Link>
  );
}

type Props = { customer: Api<'Customer'>; etag: string; back: ReactNode };

function CustomerPage({ customer, etag, back }: Props) {
  const { t } = useTranslation('customers');
  const { tab = 'timeline', kind } = route.useSearch();
  const navigate = route.useNavigate();
  const [mayEdit, mayGrade] = [useCan('customers.edit'), useCan('tiers.assign')];
  const mayAssign = useCan('customers.assign');
  const [dialog, setDialog] = useState<'edit' | 'override' | 'owner' | null>(null);
  useHotkeys(mayEdit ? { e: () => setDialog('edit') } : {});
  const close = () => setDialog(null);

  return (
    <Page
      title={nameOf(customer)}
      back={back}
      lead={<Avatar name={nameOf(customer)} size={52} />}
      subtitle={
        <div className={styles.sub}>
          <span>{customer.number}</span>
          <CustomerTags row={customer} />
        </div>
      }
      actions={
        <>
          {mayAssign && (
            <Button variant="default" onClick={() => setDialog('owner')}>
              {t('owner.button')}
            </Button>
          )}
          {mayGrade && (
            <Button variant="default" onClick={() => setDialog('override')}>
              {t('override.button')}
            </Button>
          )}
          {mayEdit && (
            <Button
              variant="default"
              leftSection={<IconEdit size={17} aria-hidden />}
              onClick={() => setDialog('edit')}
            >
              {t('common:action.edit')}
            </Button>
          )}
        </>
      }
    >
      {customer.merged_into && (
        <Panel>
          {t('merged_into')}{' '}
          <Link to="/customers/$id" params={{ id: customer.merged_into }}>
            {t('merged_into_open')}
          </Link>
        </Panel>
      )}
      {customer.grade && <CustomerFigures grade={customer.grade} />}
      <div className={styles.columns}>
        <div className={styles.side}>
          <WhyPanel customer={customer} />
          <Panel title={t('facts')}>
            <CustomerFacts customer={customer} />
          </Panel>
          {customer.grade && (
            <Panel title={t('grade_facts')}>
              <GradeFacts grade={customer.grade} />
            </Panel>
          )}
        </div>
        <section className={styles.history} aria-label={t('history')}>
          <TabBar
            label={t('history')}
            tabs={CUSTOMER_TABS.map((key) => ({ key, label: t(`tab.${key}`) }))}
            active={tab}
            onChange={(next) =>
              void navigate({
                search: { tab: next === 'timeline' ? undefined : next },
                replace: true,
              })
            }
          >
            {tab === 'timeline' && (
              <Timeline
                id={customer.id}
                kind={kind}
                onKind={(next) => void navigate({ search: { kind: next }, replace: true })}
              />
            )}
            {tab === 'identities' && <IdentitiesTab id={customer.id} />}
            {tab === 'grades' && <GradeHistory id={customer.id} />}
          </TabBar>
        </section>
      </div>
      <Suspense>
        {dialog === 'edit' && (
          <EditCustomerDialog customer={customer} etag={etag} onClose={close} />
        )}
        {dialog === 'owner' && <OwnerDialog customer={customer} etag={etag} onClose={close} />}
        {dialog === 'override' && (
          <OverrideDialog customer={customer} etag={etag} onClose={close} />
        )}
      </Suspense>
    </Page>
  );
}
