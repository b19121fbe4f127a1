import { IconChartGridDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Page } from '@/ui/page';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { BlockSkeleton } from '@/ui/skeleton';
import { EmptyState } from '@/ui/states';
import { distributionQuery, rfmQuery } from './api';
import { DistributionPanels } from './distribution-panels';
import { GradeButton, GradeProgress, useGradeJob } from './grade-run';
import { GridPanel } from './grid-panel';
import { GroupsPanel } from './groups-panel';
import styles from './rfm.module.css';

/** Where value is won and lost: recency, frequency, groups, classes and stages. */
export function RfmScreen() {
  const { t } = useTranslation('rfm');
  const format = useFormat();
  const report = useQuery(rfmQuery);
  const distribution = useQuery(distributionQuery);
  const grading = useGradeJob();
  const asOf = report.data?.as_of;
  return (
    <Page
      title={t('title')}
      subtitle={
        asOf &&
        t('as_of', {
          date: format.day(asOf),
          count: report.data?.n ?? 0,
          number: format.count(report.data?.n ?? 0),
        })
      }
      actions={asOf && <GradeButton grading={grading} />}
    >
      <GradeProgress grading={grading} />
      <QueryView
        query={report}
        skeleton={
          <Panel>
            <BlockSkeleton lines={8} height={420} />
          </Panel>
        }
      >
        {(data) =>
          data.n === 0 || !data.as_of ? (
            <Panel>
              <EmptyState
                icon={<IconChartGridDots size={28} aria-hidden />}
                title={t('empty')}
                action={<GradeButton grading={grading} />}
              />
            </Panel>
          ) : (
            <div className={styles.stack}>
              <GridPanel report={data} />
              <GroupsPanel report={data} />
            </div>
          )
        }
      </QueryView>
      {report.data && report.data.n > 0 && (
        <QueryView query={distribution}>
          {(data) => <DistributionPanels distribution={data} />}
        </QueryView>
      )}
    </Page>
  );
}
