import { z } from 'zod';
import { referenceName, referenceState } from '../domain/help/references.js';
import { tradeAccountType } from '../domain/trade-account/events.js';

/** What goes out as references and help, as /api/openapi.json tells it. */

/** One on the page of a trade account. */
const reference = z.strictObject({
  name: referenceName,
  title: z.string(),
  purpose: z.string(),
  state: referenceState,
  date: z.string().nullable().describe('As people read it'),
  link: z.string().nullable().describe('None where it is not available'),
  meanwhile: z.string().nullable().describe('What to do while it is coming soon'),
});

export const references = z.strictObject({
  references: z.array(
    reference.extend({
      handoff: z
        .string()
        .nullable()
        .describe(
          'Where a POST gives a ticket to go there without signing in again; none where that is not set up',
        ),
      retiresAt: z.iso
        .datetime()
        .nullable()
        .describe('The earliest instant at which it is retired, once that is announced'),
      accountTypes: z
        .array(tradeAccountType)
        .describe('Types of your trade accounts: it belongs on their page too'),
    }),
  ),
});

export const referencesOfAccount = z.array(reference);

export const helpEntry = z.strictObject({
  topic: z.string(),
  title: z.string(),
  question: z
    .strictObject({
      text: z.string(),
      isReconstructed: z
        .boolean()
        .describe('The help page lost its question: this one is made from its answer'),
    })
    .nullable(),
  text: z.string(),
  source: z.strictObject({
    page: z.string(),
    sentences: z.array(z.int()).describe('Numbers of its sentences, from 1, as docs/help-pages.md has them'),
  }),
});

export const help = z.strictObject({ entries: z.array(helpEntry) });
