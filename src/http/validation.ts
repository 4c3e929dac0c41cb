import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { Mistake } from '../domain/account/input-rules.js';
import { InvalidInput } from '../domain/account/input-rules.js';

/** Input classes say what a body may hold; anything else in it is refused, and every mistake is told at once. */
export const inputValidation = () =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    // Values are never echoed: they may be secrets.
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new InvalidInput(errors.flatMap((error) => mistakesOf(error, ''))),
  });

function mistakesOf(error: ValidationError, parent: string): Mistake[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, detail]) => ({
    pointer,
    detail: rule === 'whitelistValidation' ? 'is not a field of this request' : detail,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => mistakesOf(child, pointer))];
}
