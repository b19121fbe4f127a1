import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

const SECONDS_8 = 8000;

const closeButtonProps = () => ({ 'aria-label': i18next.t('common:action.close') });

/** Says what was done, with eight seconds to take it back. */
export function showUndo(message: string, undo: string, onUndo: () => void): void {
  const id = notifications.show({
    autoClose: SECONDS_8,
    closeButtonProps: closeButtonProps(),
    message: (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <span>{message}</span>
        <Button
          size="xs"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          {undo}
        </Button>
      </Group>
    ),
  });
}

/** Says in passing that something was done. */
export function showDone(message: string): void {
  notifications.show({ message, autoClose: 4000, closeButtonProps: closeButtonProps() });
}

/** Says in passing that something was refused. */
export function showFailed(message: string): void {
  notifications.show({
    message,
    color: 'red',
    autoClose: SECONDS_8,
    closeButtonProps: closeButtonProps(),
  });
}
