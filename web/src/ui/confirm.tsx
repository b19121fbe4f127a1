import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useOnce } from '@/lib/use-once';
import { FormError } from './form-error';

type Props = {
  opened: boolean;
  title: string;
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something that matters; says what will happen, never just "are you sure". */
export function ConfirmDialog(props: Props) {
  const { t } = useTranslation();
  const once = useOnce(props.busy ?? false);
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        <div>{props.children}</div>
        <FormError error={props.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('action.cancel')}
          </Button>
          <Button
            color={props.danger ? 'red' : 'accent'}
            loading={props.busy ?? false}
            onClick={() => once(props.onConfirm)}
          >
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
