import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '@/lib/hotkeys';
import { useOnce } from '@/lib/use-once';
import { FormError } from './form-error';

type Props = {
  title: string;
  children: ReactNode;
  error: unknown;
  busy: boolean;
  onSubmit: () => void;
  onClose: () => void;
  size?: 'md' | 'lg';
  /** What its button says; to save, unless told otherwise. */
  submit?: string;
  /** Nothing to save: the one button closes it. */
  readOnly?: boolean;
};

/** A form in a dialog: refusals above it, saved by its button or by Ctrl+Enter. */
export function DialogForm(props: Props) {
  const { title, children, error, busy, onSubmit, onClose, size, submit, readOnly } = props;
  const { t } = useTranslation();
  const once = useOnce(busy);

  function send(event: FormEvent) {
    event.preventDefault();
    once(onSubmit);
  }
  function onKeyDown(event: KeyboardEvent<HTMLFormElement>) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isComposing(event)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size={size ?? 'md'}
      title={title}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={send} onKeyDown={onKeyDown}>
        <Stack gap="md">
          <FormError error={error} />
          {children}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t(readOnly ? 'action.close' : 'action.cancel')}
            </Button>
            {!readOnly && (
              <Button type="submit" loading={busy}>
                {submit ?? t('action.save')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
