import { IconCheck } from '@tabler/icons-react';
import styles from './steps.module.css';

type Props = { label: string; steps: string[]; current: number };

/** Where in a sequence of steps the person is. */
export function Steps({ label, steps, current }: Props) {
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.map((name, at) => (
        <li
          key={name}
          className={styles.step}
          data-state={at < current ? 'done' : at === current ? 'now' : 'later'}
          aria-current={at === current ? 'step' : undefined}
        >
          <span className={styles.mark} aria-hidden>
            {at < current ? <IconCheck size={15} stroke={2.5} /> : at + 1}
          </span>
          <span className={styles.name}>{name}</span>
        </li>
      ))}
    </ol>
  );
}
