import { BlockSkeleton } from '@/ui/skeleton';
import styles from './home.module.css';

/** The outline of the screen while its figures are on the way. */
export function HomeSkeleton() {
  return (
    <div className={styles.skeleton}>
      <div className={styles.kpis}>
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <div key={key} className={styles.box}>
            <BlockSkeleton lines={3} height={126} />
          </div>
        ))}
      </div>
      <ChartSkeleton />
    </div>
  );
}

/** The outline of a chart, as high as one, so that nothing below it moves when it comes. */
export function ChartSkeleton() {
  return (
    <div className={styles.box}>
      <BlockSkeleton lines={6} height={350} />
    </div>
  );
}
