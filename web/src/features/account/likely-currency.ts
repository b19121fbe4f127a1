/** The currencies offered first, by country. */
export const COUNTRY_CURRENCY: Record<string, string> = {
  CN: 'CNY',
  SG: 'SGD',
  MY: 'MYR',
  HK: 'HKD',
  TW: 'TWD',
  JP: 'JPY',
  KR: 'KRW',
  TH: 'THB',
  ID: 'IDR',
  AU: 'AUD',
  GB: 'GBP',
  US: 'USD',
  CA: 'CAD',
  MX: 'MXN',
  AE: 'AED',
  IN: 'INR',
  DE: 'EUR',
};

const ZONE_COUNTRY: [RegExp, string][] = [
  [/^Asia\/(Shanghai|Urumqi|Chongqing|Harbin)$/, 'CN'],
  [/^Asia\/Singapore$/, 'SG'],
  [/^Asia\/(Kuala_Lumpur|Kuching)$/, 'MY'],
  [/^Asia\/Hong_Kong$/, 'HK'],
  [/^Asia\/Taipei$/, 'TW'],
  [/^Asia\/Tokyo$/, 'JP'],
  [/^Asia\/Seoul$/, 'KR'],
  [/^Asia\/Bangkok$/, 'TH'],
  [/^Asia\/Jakarta$/, 'ID'],
  [/^Asia\/(Kolkata|Calcutta)$/, 'IN'],
  [/^Asia\/Dubai$/, 'AE'],
  [/^Australia\//, 'AU'],
  [/^Europe\/London$/, 'GB'],
  [/^Europe\//, 'DE'],
];

/** A first guess for the form, from where the browser says it is; the person decides. */
export function likelyCurrency(languageTag: string, timeZone: string): string {
  const zone = ZONE_COUNTRY.find(([pattern]) => pattern.test(timeZone))?.[1];
  const region = zone ?? new Intl.Locale(languageTag).region;
  return COUNTRY_CURRENCY[region ?? ''] ?? 'USD';
}
