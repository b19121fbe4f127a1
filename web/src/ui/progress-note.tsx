import { Progress } from '@mantine/core';
import styles from './progress-note.module.css';

type Props = {
  label: string;
  /** The finished part between 0 and 1; null while it is unknown. */
  share: number | null;
  moving: boolean;
  tone?: 'bad' | 'good' | undefined;
  /** What is done, how fast, how long it will take. */
  notes: string[];
};

const COLORS = { bad: 'red', good: 'green' } as const;

/** A bar with its figures in words below. */
export function ProgressNote({ label, share, moving, tone, notes }: Props) {
  return (
    <div className={styles.note}>
      <Progress
        value={share === null ? (moving ? 100 : 0) : share * 100}
        animated={moving && share === null}
        striped={moving && share === null}
        color={tone ? COLORS[tone] : 'accent'}
        aria-label={label}
      />
      <p className={styles.words}>
        {notes.map((note) => (
          <span key={note}>{note}</span>
        ))}
      </p>
    </div>
  );
}
