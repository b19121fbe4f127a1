import type { Store, Unit } from './api';
import type { PlaceChoice } from './unit-select';

/** A part of the organisation with its depth below the chain. */
export type Branch = { unit: Unit; depth: number };

/** The units in the order of the tree, each after the one it lies in. */
export function branches(units: Unit[], parent: string | null = null, depth = 0): Branch[] {
  return units
    .filter((unit) => (unit.parent_id ?? null) === parent)
    .flatMap((unit) => [{ unit, depth }, ...branches(units, unit.id, depth + 1)]);
}

/** A unit and everything below it. */
export function withBelow(units: Unit[], id: string): Set<string> {
  return new Set([id, ...branches(units, id).map(({ unit }) => unit.id)]);
}

/** The stores directly in a unit, or directly below the chain. */
export function storesIn(stores: Store[], unit: string | null): Store[] {
  return stores.filter((store) => (store.unit_id ?? null) === unit);
}

/** The units as choices with their depth. */
export function unitChoices(units: Unit[]): PlaceChoice[] {
  return branches(units).map(({ unit, depth }) => ({ value: unit.id, label: unit.name, depth }));
}
