import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { ProblemCode } from './problem.js';

/** What routes say of themselves beside their policy and their input: /api/openapi.json is made of it. */

export const ANSWER = 'portcullis:answer';
export const REFUSALS = 'portcullis:refusals';
export const TAKES_IF_MATCH = 'portcullis:if-match';

export interface GoodAnswer {
  readonly status: number;
  /** None: no content. */
  readonly shape: z.ZodType | null;
  readonly headers: readonly string[];
  /** What a file is; none: the answer is JSON, or empty. */
  readonly fileTypes: readonly string[];
}

/** The status of a good answer, its shape, and the headers that come with it. */
export const Answers = (status: number, shape: z.ZodType | null = null, ...headers: string[]) =>
  applyDecorators(
    HttpCode(status),
    SetMetadata(ANSWER, { status, shape, headers, fileTypes: [] } satisfies GoodAnswer),
  );

/** A good answer that is a file, to be saved and not shown. */
export const AnswersFile = (...fileTypes: readonly string[]) =>
  SetMetadata(ANSWER, {
    ...{ status: 200, shape: null, fileTypes },
    headers: ['Content-Disposition'],
  } satisfies GoodAnswer);

/** What the route refuses for reasons of its own. A code without an entry among the problems is a rule's, and answered with 409. */
export const Refuses = (...codes: (ProblemCode | (string & {}))[]) => SetMetadata(REFUSALS, codes);

/** The route changes one account, and refuses when its revision is another than `If-Match` says. */
export const TakesIfMatch = () => SetMetadata(TAKES_IF_MATCH, true);
