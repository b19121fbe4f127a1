import type { Api } from '@/api/types';
import type { CustomerChanges } from './api';

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
};

/** A phone, e-mail address, card or identity number as typed. */
export type KeyValue = { kind: string; value: string; verified: boolean };
export type FormState = { fields: FormValues; keys: KeyValue[] };

/** The kinds of keys that people type; a shop's own account ids come with files only. */
export const KEY_KINDS = ['phone', 'email', 'card', 'national_id'];

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
};

const FIELDS = Object.keys(EMPTY) as (keyof FormValues)[];

/** An empty form, with room for the key that most people have. */
export const EMPTY_FORM: FormState = {
  fields: EMPTY,
  keys: [{ kind: 'phone', value: '', verified: false }],
};

/** The form as it stands for a customer. */
export function formOf(customer: Api<'Customer'>): FormState {
  return {
    fields: {
      name: customer.name,
      birth_date: customer.birth_date ?? '',
      gender: customer.gender ?? '',
      country: customer.country ?? '',
      city: customer.city ?? '',
      address: customer.address ?? '',
      postcode: customer.postcode ?? '',
      home_store_id: customer.home_store?.id ?? '',
      note: customer.note ?? '',
    },
    keys: customer.identifiers
      .filter(({ kind }) => KEY_KINDS.includes(kind))
      .map(({ kind, value, verified }) => ({ kind, value, verified })),
  };
}

function filled(keys: KeyValue[]): KeyValue[] {
  return keys
    .map((key) => ({ ...key, value: key.value.trim() }))
    .filter(({ value }) => value !== '');
}

function input(fields: FormValues, names: (keyof FormValues)[]): CustomerChanges {
  return Object.fromEntries(names.map((name) => [name, fields[name].trim() || null]));
}

/** Only what the person changed, so that an edit never touches anything else. */
export function changesOf(before: FormState, after: FormState): CustomerChanges {
  const changed = FIELDS.filter((name) => before.fields[name] !== after.fields[name]);
  const keys = filled(after.keys);
  const sameKeys = JSON.stringify(keys) === JSON.stringify(filled(before.keys));
  return { ...input(after.fields, changed), ...(sameKeys ? {} : { identifiers: keys }) };
}

/** A new customer: the fields that were filled, and the keys. */
export function newCustomer({ fields, keys }: FormState): CustomerChanges {
  const given = FIELDS.filter((name) => fields[name].trim() !== '');
  return { ...input(fields, given), identifiers: filled(keys) };
}
