import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#EEF1FD',
  '#DCE3FB',
  '#BECAF7',
  '#9DAEF2',
  '#7A8EE6',
  '#4D66D9',
  '#3451D1',
  '#2B44B3',
  '#233892',
  '#1A2A70',
];

/** The kit's greys of the dark theme, from ink to canvas. */
const dark: MantineColorsTuple = [
  '#E8EAEE',
  '#BCC2CD',
  '#98A0AE',
  '#6B7482',
  '#2A2E37',
  '#1C1F26',
  '#15171C',
  '#0F1115',
  '#0B0D10',
  '#08090B',
];

const FONT =
  '"Inter Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

/** Sizes and defaults of the kit; colours come from the tokens in tokens.css. */
export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  fontFamily: FONT,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.25rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontFamily: FONT,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  // Plain objects, because naming the components here would pull all of them into the boot set.
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 36 } },
    Anchor: { defaultProps: { underline: 'hover' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm' } },
    Input: { defaultProps: { size: 'sm' } },
    Menu: { defaultProps: { shadow: 'md', withinPortal: true } },
    Modal: { defaultProps: { centered: true, radius: 'lg' } },
    Select: {
      defaultProps: {
        allowDeselect: false,
        checkIconPosition: 'right',
        // Closed lists would fill the page with hundreds of elements.
        comboboxProps: { keepMounted: false },
      },
    },
    Tooltip: { defaultProps: { openDelay: 300 } },
  },
});

type Light = { background: string; hover: string; text: string };

/** The kit's own light variants fail contrast; these pairs keep at least 4.5:1. */
function lightVariant(color: string, { background, hover, text }: Light): Record<string, string> {
  return {
    [`--mantine-color-${color}-light`]: background,
    [`--mantine-color-${color}-light-hover`]: hover,
    [`--mantine-color-${color}-light-color`]: text,
    [`--mantine-color-${color}-outline`]: text,
    [`--mantine-color-${color}-text`]: text,
  };
}

const shared = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink-1)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink-1)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
  '--mantine-color-red-filled': 'var(--bad-fill)',
  '--mantine-color-red-filled-hover': 'var(--bad-fill-hover)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
};

/** Points the kit's variables at the tokens. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...shared,
    ...lightVariant('accent', { background: '#E8ECFC', hover: '#DCE3FB', text: '#2B44B3' }),
    ...lightVariant('gray', { background: '#EEF0F3', hover: '#E3E6EB', text: '#434A57' }),
    ...lightVariant('green', { background: '#E1F3EA', hover: '#D2ECDF', text: '#0B6B43' }),
    ...lightVariant('red', { background: '#FCE8E6', hover: '#F9DAD7', text: '#A3211A' }),
    ...lightVariant('yellow', { background: '#FDF0DC', hover: '#FAE6C6', text: '#7A4800' }),
  },
  dark: {
    ...shared,
    ...lightVariant('accent', { background: '#232B47', hover: '#2C3863', text: '#A9B7FF' }),
    ...lightVariant('gray', { background: '#252A33', hover: '#2F3540', text: '#BCC2CD' }),
    ...lightVariant('green', { background: '#15332A', hover: '#1B4033', text: '#5FD39B' }),
    ...lightVariant('red', { background: '#3B1F20', hover: '#4A2728', text: '#FF9A8F' }),
    ...lightVariant('yellow', { background: '#392B12', hover: '#473617', text: '#F2BD6B' }),
  },
});
