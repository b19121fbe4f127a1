/** The headings under which the fields of a file are offered. */
export const FIELD_GROUPS = ['order', 'money', 'line', 'customer', 'place'] as const;
export type FieldGroup = (typeof FIELD_GROUPS)[number];

const MEMBERS: Record<Exclude<FieldGroup, 'order'>, Set<string>> = {
  money: new Set([
    'order_paid',
    'order_subtotal',
    'order_gross',
    'order_discount',
    'refunded',
    'shipping',
    'tax',
    'currency',
  ]),
  line: new Set([
    'sku',
    'product',
    'category',
    'brand',
    'size',
    'quantity',
    'unit_price',
    'line_amount',
    'line_discount',
  ]),
  customer: new Set([
    'customer_id',
    'card',
    'customer_name',
    'name',
    'given_name',
    'family_name',
    'phone',
    'phone2',
    'email',
    'contact',
    'national_id',
    'gender',
    'birth_date',
    'language',
    'note',
    'recipient_name',
    'recipient_phone',
  ]),
  place: new Set([
    'store_id',
    'store',
    'channel',
    'country',
    'region',
    'city',
    'street_number',
    'address',
    'address2',
    'postcode',
    'time_zone',
    'day_cut_minutes',
  ]),
};

/** The heading of a field; whatever is new stands under the first one. */
export function groupOf(field: string): FieldGroup {
  for (const group of ['money', 'line', 'customer', 'place'] as const) {
    if (MEMBERS[group].has(field)) return group;
  }
  return 'order';
}
