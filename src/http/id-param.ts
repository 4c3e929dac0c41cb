import type { PipeTransform } from '@nestjs/common';
import { refuse } from './problem.js';

export const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Ids in addresses are UUIDs in lower case; anything else names nothing. */
export class IdParam implements PipeTransform<unknown, string> {
  protected readonly name: string = 'id';

  transform(value: unknown): string {
    if (typeof value === 'string' && ID.test(value)) return value;
    throw refuse('NotFound', { errors: [{ pointer: `#/path/${this.name}`, detail: 'must be a UUID' }] });
  }
}

export class UserIdParam extends IdParam {
  protected override readonly name = 'userId';
}
