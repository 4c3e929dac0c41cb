import type { OpenAPIObject } from '@nestjs/swagger';
import { answers, PASSWORD } from '../support/people.js';

/** JSON Schema as the description of the API has it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly maxLength?: number;
}

/** Fields of text that take more than any line. */
const wellKnown: Readonly<Record<string, string>> = {
  ...{ client_assertion: 'a.b.c', ticket: 'a.b.c' },
  ...{ token: 'a.b.c.d', cursor: '0', questionId: 'nickname', after: '0' },
  legacyUserId: 'SAMPLE01',
  ...{ number: '12-3456789', dateOfBirth: '12/09/1976', telephone: '(202) 555-0123', fax: '(202) 555-0199' },
  ...{ extension: '12', fiscalYearEnd: '12/31', state: 'VA', zip: '23510' },
};

/** Makes good input from the description of the API, and finds its fields. */
export class Samples {
  constructor(private readonly document: OpenAPIObject) {}

  resolved(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (this.document.components!.schemas![name] as Schema);
  }

  /** A value that the checks of input let through, whatever comes of it. */
  good(given: Schema, name = ''): unknown {
    const schema = this.resolved(given);
    if (schema.enum) return schema.enum[0];
    if (schema.type === 'object') {
      const fields = Object.entries(schema.properties ?? {});
      return Object.fromEntries(fields.map(([field, inner]) => [field, this.good(inner, field)]));
    }
    if (schema.type === 'array') return schema.items?.type === 'string' ? ['RunReports'] : answers;
    if (schema.type === 'number') return 1;
    if (schema.format === 'email') return 'sample@broker.example';
    if (schema.format === 'password') return PASSWORD;
    if (schema.format === 'uuid') return '0190a5e0-0000-7000-8000-00000000a001';
    return wellKnown[name] ?? 'A line of text';
  }

  /** Every field, also those inside lists, with its JSON pointer: '/securityAnswers/0/answer'. */
  fields(given: Schema, parent = ''): { pointer: string; schema: Schema }[] {
    const { properties = {}, items } = this.resolved(given);
    const inside = items ? this.fields(items, `${parent}/0`) : [];
    return Object.entries(properties).reduce((all, [name, inner]) => {
      const pointer = `${parent}/${name}`;
      return [...all, { pointer, schema: this.resolved(inner) }, ...this.fields(inner, pointer)];
    }, inside);
  }
}

/** A copy of `body` with another value at the pointer. */
export function withValue(body: unknown, pointer: string, value: unknown): unknown {
  const copy = structuredClone(body) as Record<string, unknown>;
  const path = pointer.split('/').slice(1);
  const last = path.pop()!;
  const holder = path.reduce((inner, name) => inner[name] as Record<string, unknown>, copy);
  holder[last] = value;
  return copy;
}
