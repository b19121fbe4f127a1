import { useEffect, useRef } from 'react';

/**
 * Runs what is asked for once until it has ended: the second press of a double click comes
 * before the screen knows that the first one began something.
 */
export function useOnce(busy: boolean): (act: () => void) => void {
  const begun = useRef(false);
  useEffect(() => {
    if (!busy) begun.current = false;
  });
  return (act) => {
    if (begun.current) return;
    begun.current = true;
    act();
  };
}
