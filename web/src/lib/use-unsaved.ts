import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** Asks before edits are lost by going to another screen or tab, or by closing the page. */
export function useUnsaved(dirty: boolean): void {
  const { t } = useTranslation();
  useBlocker({
    shouldBlockFn: () => dirty && !window.confirm(t('unsaved.leave')),
    enableBeforeUnload: dirty,
  });
}
