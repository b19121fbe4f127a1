import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { Page } from '@/ui/page';
import { QueryView } from '@/ui/query-view';
import { homeQuery, monthlyQuery, rfmQuery } from './api';
import styles from './home.module.css';
import { HomeEmpty } from './home-empty';
import { ChartSkeleton, HomeSkeleton } from './home-skeleton';
import { KpiCard } from './kpi-card';
import { MonthlyChart } from './monthly-chart';
import { NextActions } from './next-actions';
import { RfmMini } from './rfm-mini';

/** The hour of the day in the chain's zone, for the greeting. */
function partOfDay(timeZone: string): 'morning' | 'afternoon' | 'evening' {
  const text = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', timeZone });
  const hour = Number.parseInt(text, 10);
  if (hour >= 5 && hour < 12) return 'morning';
  return hour >= 12 && hour < 18 ? 'afternoon' : 'evening';
}

/** What needs me today, and how the chain is doing. */
export function HomeScreen() {
  const { t } = useTranslation('home');
  const { user, chain } = useSession();
  const format = useFormat();
  const home = useQuery(homeQuery);
  const until = home.data?.data_until;
  const subtitle = until ? t('data_until', { time: format.day(until) }) : null;
  return (
    <Page
      title={t(`greeting.${partOfDay(chain.time_zone)}`, { name: user.name })}
      subtitle={subtitle}
    >
      <QueryView query={home} skeleton={<HomeSkeleton />}>
        {(report) => (report.data_until ? <HomeBody report={report} /> : <HomeEmpty />)}
      </QueryView>
    </Page>
  );
}

function HomeBody({ report }: { report: Api<'HomeReport'> }) {
  const monthly = useQuery(monthlyQuery);
  const rfm = useQuery(rfmQuery);
  return (
    <>
      <div className={styles.kpis}>
        {report.kpis.map((kpi) => (
          <KpiCard key={kpi.key} kpi={kpi} currency={report.currency} />
        ))}
      </div>
      <div className={styles.split}>
        <QueryView query={monthly} skeleton={<ChartSkeleton />}>
          {(data) => <MonthlyChart report={data} />}
        </QueryView>
        <NextActions report={report} />
      </div>
      <QueryView query={rfm} skeleton={<ChartSkeleton />}>
        {(data) => <RfmMini report={data} />}
      </QueryView>
    </>
  );
}
