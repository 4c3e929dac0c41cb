import { z } from 'zod';

/** Personal values and free text: kept in the event's sealed box, under the person's data key, never in the clear. */
const sealedTypes = new WeakSet<z.ZodType>();

/** Marks a field as personal or free text. After the person was erased the field is missing. */
export function sealed<T extends z.ZodType>(type: T): T & Sealed {
  const marked = type.clone() as T & Sealed;
  sealedTypes.add(marked);
  return marked;
}

export const isSealed = (type: z.ZodType): boolean => sealedTypes.has(type);

declare const sealedMark: unique symbol;
interface Sealed {
  readonly [sealedMark]: true;
}

export type EventShapes = Record<string, Record<string, z.ZodType>>;

/** The events of a kind of stream: each type with the shape of its data. Names are a storage format and are never renamed. */
export function defineEvents<S extends EventShapes>(shapes: S): S {
  return shapes;
}

type FieldsOf<F extends Record<string, z.ZodType>> = z.output<z.ZodObject<F>>;
type SealedKeys<F extends Record<string, z.ZodType>> = {
  [K in keyof F]: F[K] extends Sealed ? K : never;
}[keyof F];

/** An event as a decision makes it: every field is there. */
export type NewEvent<S extends EventShapes> = {
  [T in keyof S & string]: { readonly type: T; readonly data: Readonly<FieldsOf<S[T]>> };
}[keyof S & string];

/** An event as a fold meets it: sealed fields are missing once the person was erased. */
export type PastEvent<S extends EventShapes> = {
  [T in keyof S & string]: {
    readonly type: T;
    readonly data: Readonly<
      Omit<FieldsOf<S[T]>, SealedKeys<S[T]>> &
        Partial<Pick<FieldsOf<S[T]>, SealedKeys<S[T]> & keyof FieldsOf<S[T]>>>
    >;
  };
}[keyof S & string];
