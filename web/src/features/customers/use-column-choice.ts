import { useState } from 'react';
import { DEFAULT_COLUMNS } from './columns';

const KEY = 'clientele-customer-columns';

function stored(): string[] {
  const text = localStorage.getItem(KEY);
  return text ? text.split(',') : DEFAULT_COLUMNS;
}

/** Which columns this person wants to see on this device; the name is always there. */
export function useColumnChoice() {
  const [chosen, setChosen] = useState(stored);
  function save(next: string[]) {
    localStorage.setItem(KEY, next.join(','));
    setChosen(next);
  }
  return {
    chosen,
    toggle: (key: string) =>
      save(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]),
    reset: () => save(DEFAULT_COLUMNS),
  };
}

export type ColumnChoice = ReturnType<typeof useColumnChoice>;
