import type { PipeTransform } from '@nestjs/common';
import { refuse } from './problem.js';

/** Counts in addresses go from 1 to 99; anything else names nothing. */
export class NumberParam implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value === 'string' && /^[1-9]\d?$/.test(value)) return value;
    throw refuse('NotFound', { errors: [{ pointer: '#/path/number', detail: 'must be a number from 1' }] });
  }
}
