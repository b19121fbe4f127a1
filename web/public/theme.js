// Runs before the first paint so that a chosen theme and language never flash.
(() => {
  let scheme = null;
  let language = null;
  try {
    scheme = localStorage.getItem('clientele-theme');
    language = localStorage.getItem('clientele-language');
  } catch {
    // Storage can be switched off; the defaults below still hold.
  }
  if (scheme !== 'light' && scheme !== 'dark') {
    scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  const root = document.documentElement;
  root.setAttribute('data-mantine-color-scheme', scheme);
  root.lang = (language ?? navigator.language).startsWith('zh') ? 'zh-Hans' : 'en';
})();
