import { localStorageColorSchemeManager } from '@mantine/core';

/** Keeps the chosen theme on this device, under the key that theme.js reads. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'clientele-theme' });
