import styles from './avatar.module.css';

const HAN = /\p{Script=Han}/u;

/** Two letters for a Latin name, the last two characters for a Chinese one. */
export function initials(name: string): string {
  const clean = name.trim();
  if (HAN.test(clean)) return clean.replace(/\s+/g, '').slice(-2);
  const words = clean.split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** A round picture made of a name's initials; decoration beside the name itself. */
export function Avatar({ name, size = 40 }: { name: string; size?: number }) {
  return (
    <span
      className={styles.avatar}
      style={{ inlineSize: size, blockSize: size, fontSize: size * 0.36 }}
      aria-hidden
    >
      {initials(name)}
    </span>
  );
}
