import '@/ui/kit';
import '@/ui/tokens.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { colorSchemeManager } from '@/lib/color-scheme';
import { deviceLanguage, startI18n } from '@/lib/i18n';
import { queryClient } from '@/lib/query';
import { router } from '@/router';
import { cssVariables, theme } from '@/ui/theme';

// Messages appear after an action, never on the first paint.
const Notifications = lazy(() =>
  import('@mantine/notifications').then((m) => ({ default: m.Notifications })),
);

/** The nonce of the page, without which the policy refuses the kit's style tags. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <Suspense>
          <Notifications position="top-center" containerWidth={360} limit={3} />
        </Suspense>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

// The scroll lock of dialogs writes its own style tag and looks for the nonce here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
await startI18n(deviceLanguage());
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
