import { Meter } from './meter';
import styles from './progress-note.module.css';

type Props = {
  label: string;
  /** The finished part between 0 and 1; null while it is unknown. */
  share: number | null;
  moving: boolean;
  /** What is done, how fast, how long it will take. */
  notes: string[];
};

/** A bar with its figures in words below. */
export function ProgressNote({ label, share, moving, notes }: Props) {
  return (
    <div className={styles.note}>
      <Meter share={share} busy={moving} label={label} />
      <p className={styles.words}>
        {notes.map((note) => (
          <span key={note}>{note}</span>
        ))}
      </p>
    </div>
  );
}
