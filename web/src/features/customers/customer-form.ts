import type { Api } from '@/api/types';

/** What the form holds: every field as text, empty for nothing. */
export type FormValues = {
  name: string;
  birth_date: string;
  gender: string;
  country: string;
  city: string;
  address: string;
  postcode: string;
  home_store_id: string;
  note: string;
  phone: string;
  email: string;
  card: string;
};

export const EMPTY: FormValues = {
  name: '',
  birth_date: '',
  gender: '',
  country: '',
  city: '',
  address: '',
  postcode: '',
  home_store_id: '',
  note: '',
  phone: '',
  email: '',
  card: '',
};

const KEYS = ['phone', 'email', 'card'] as const;
const FIELDS = (Object.keys(EMPTY) as (keyof FormValues)[]).filter(
  (field): field is Exclude<keyof FormValues, (typeof KEYS)[number]> =>
    !KEYS.some((key) => key === field),
);

/** The form as it stands for a customer. */
export function valuesOf(customer: Api<'Customer'>): FormValues {
  return {
    ...EMPTY,
    name: customer.name,
    birth_date: customer.birth_date ?? '',
    gender: customer.gender ?? '',
    country: customer.country ?? '',
    city: customer.city ?? '',
    address: customer.address ?? '',
    postcode: customer.postcode ?? '',
    home_store_id: customer.home_store?.id ?? '',
    note: customer.note ?? '',
  };
}

/** Only what the person changed, so that an edit never touches anything else. */
export function changesOf(before: FormValues, after: FormValues): Partial<Api<'CustomerInput'>> {
  const changed = FIELDS.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(changed.map((field) => [field, after[field].trim() || null]));
}

/** A new customer with the keys that were entered. */
export function toInput(values: FormValues): Api<'CustomerInput'> {
  const fields = Object.fromEntries(
    FIELDS.map((field) => [field, values[field].trim() || null]),
  ) as Omit<Api<'CustomerInput'>, 'identifiers' | 'given_name' | 'family_name' | 'language'>;
  return {
    ...fields,
    given_name: null,
    family_name: null,
    language: null,
    identifiers: KEYS.filter((kind) => values[kind].trim() !== '').map((kind) => ({
      kind,
      value: values[kind].trim(),
      verified: false,
    })),
  };
}
