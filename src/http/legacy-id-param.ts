import type { PipeTransform } from '@nestjs/common';
import { refuse } from './problem.js';

const ID = /^[A-Za-z0-9_-]{43}$/;

/** Legacy accounts are named by keyed hashes of their user ids: 43 characters of base64url. Anything else names nothing. */
export class LegacyIdParam implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value === 'string' && ID.test(value)) return value;
    const detail = 'must be a legacyAccountId as it was answered';
    throw refuse('NotFound', { errors: [{ pointer: '#/path/id', detail }] });
  }
}
