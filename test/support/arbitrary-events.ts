import fc from 'fast-check';
import { z } from 'zod';
import { isSealed, type EventShapes } from '../../src/domain/events.js';

/** Everything that the shape allows, edges included. Throws for kinds of shape that no event has used so far: teach it then. */
export function valuesOf(type: z.ZodType): fc.Arbitrary<unknown> {
  if (type instanceof z.ZodString) return textOf(type.minLength ?? 0, type.maxLength ?? 100);
  if (type instanceof z.ZodNumber && type.format === 'safeint') {
    return fc.integer({ min: type.minValue ?? undefined, max: type.maxValue ?? undefined });
  }
  if (type instanceof z.ZodEnum) return fc.constantFrom(...type.options);
  if (type instanceof z.ZodBoolean) return fc.boolean();
  if (type instanceof z.ZodOptional) return fc.option(inner(type.unwrap() as z.ZodType), { nil: undefined });
  if (type instanceof z.ZodArray) return listOf(type);
  if (type instanceof z.ZodObject) return fieldsOf(type.def.shape as Record<string, z.ZodType>, inner);
  throw new Error(`no values for ${type.def.type}`);
}

/** Whether there is room for any text in it. */
export function holdsText(type: z.ZodType): boolean {
  if (type instanceof z.ZodString) return true;
  if (type instanceof z.ZodOptional) return holdsText(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodArray) return holdsText(type.def.element as z.ZodType);
  if (type instanceof z.ZodObject)
    return Object.values(type.def.shape as Record<string, z.ZodType>).some(holdsText);
  return false;
}

/** Data of an event: fields that may be left out are left out, never undefined. */
export const dataOf = (shape: Record<string, z.ZodType>): fc.Arbitrary<Record<string, unknown>> =>
  fieldsOf(shape, valuesOf);

/** Any event of these, with any data. */
export const eventsOf = (
  shapes: EventShapes,
): fc.Arbitrary<{ type: string; data: Record<string, unknown> }> =>
  fc.oneof(...Object.entries(shapes).map(([type, shape]) => dataOf(shape).map((data) => ({ type, data }))));

/** The data as it is once the person was erased. */
export const afterErasure = (
  shape: Record<string, z.ZodType>,
  data: Record<string, unknown>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([field]) => !isSealed(shape[field]!)));

// A code point may take two of the units that a shape counts.
const textOf = (min: number, max: number) =>
  fc
    .string({ unit: 'binary', minLength: min, maxLength: Math.max(min, Math.floor(max / 2)) })
    .filter((text) => text.length <= max);

function listOf(type: z.ZodArray): fc.Arbitrary<unknown[]> {
  const exactly = type.def.checks?.map((check) => (check._zod.def as { length?: number }).length)[0];
  const length = exactly === undefined ? { maxLength: 5 } : { minLength: exactly, maxLength: exactly };
  return fc.array(inner(type.def.element as z.ZodType), length);
}

function inner(type: z.ZodType): fc.Arbitrary<unknown> {
  // The codec looks at an event's own fields only: a mark further in would be stored in the clear.
  if (isSealed(type)) throw new Error('a sealed value inside another one');
  return valuesOf(type);
}

function fieldsOf(
  shape: Record<string, z.ZodType>,
  values: (type: z.ZodType) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, values(type)]));
  return fc
    .record(fields)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));
}
