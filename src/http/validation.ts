import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { InvalidInput, type Mistake } from '../domain/account/input-rules.js';
import { pointerTo } from './pointer.js';

/** Input classes say what a body or a query may hold; anything else in it is refused, and every mistake is told at once. */
class InputValidation extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      // Values are never echoed: they may be secrets.
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new InvalidInput(errors.flatMap((error) => mistakesOf(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return (await super.transform(value, metadata)) as unknown;
    } catch (error) {
      if (!(error instanceof InvalidInput) || metadata.type !== 'query') throw error;
      const inQuery = ({ pointer, detail }: Mistake) => ({ pointer: `#/query${pointer}`, detail });
      throw new InvalidInput(error.mistakes.map(inQuery));
    }
  }
}

export const inputValidation = () => new InputValidation();

function mistakesOf(error: ValidationError, parent: string): Mistake[] {
  const pointer = pointerTo(parent, error.property);
  const own = Object.entries(error.constraints ?? {}).map(([rule, detail]) => ({
    pointer,
    detail: rule === 'whitelistValidation' ? 'is not a field of this request' : detail,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => mistakesOf(child, pointer))];
}
