import { useId } from 'react';
import styles from './choice-cards.module.css';

type Choice<T extends string> = { value: T; title: string; hint?: string };
type Props<T extends string> = {
  label: string;
  value: T;
  choices: Choice<T>[];
  onChange: (value: T) => void;
};

/** One choice out of few, each with a line that explains it. */
export function ChoiceCards<T extends string>({ label, value, choices, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      <div className={styles.cards}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles.card}>
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>
              <strong>{choice.title}</strong>
              {choice.hint && <span className={styles.hint}>{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
