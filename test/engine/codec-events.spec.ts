import fc from 'fast-check';
import { z } from 'zod';
import { isSealed } from '../../src/domain/events.js';
import { eventSources } from '../../src/event-sources.js';
import { isUndecodable } from '../../src/engine/codec.js';
import { afterErasure, dataOf, holdsText } from '../support/arbitrary-events.js';
import { meta, PERSON, Written } from '../support/written.js';

const everyEvent = eventSources.flatMap(({ category, events }) =>
  Object.entries(events).map(([type, shape]) => ({ type, shape, category })),
);
const sealedFieldsOf = (shape: (typeof everyEvent)[number]['shape']) =>
  Object.keys(shape).filter((field) => isSealed(shape[field]!));

describe.each(everyEvent)('$type', ({ type, shape, category }) => {
  const written = new Written(eventSources);
  const stream = `${category}-${PERSON}`;

  test('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(dataOf(shape), async (data) => {
        const read = await written.event(await written.write(type, data, stream));
        expect(read).toMatchObject({ type, stream, revision: 0, position: '1' });
        expect(read.data).toStrictEqual(data);
        const { person: _, ...clear } = meta;
        const about = Object.keys(data).some((field) => isSealed(shape[field]!)) ? meta : clear;
        expect(read.meta).toStrictEqual({ ...about, schema: 1 });
      }),
      { numRuns: 15 },
    );
  });

  test('is refused with a field too many', async () => {
    const data = fc.sample(dataOf(shape), { numRuns: 1, seed: 1 })[0]!;
    await expect(written.write(type, { ...data, other: 1 }, stream)).rejects.toThrow('Unrecognized');
  });

  test('is refused where a field is missing or of another kind', async () => {
    const data = fc.sample(dataOf(shape), { numRuns: 1, seed: 1 })[0]!;
    for (const field of Object.keys(shape)) {
      const { [field]: _, ...less } = data;
      if (!shape[field]!.safeParse(undefined).success) {
        await expect(written.write(type, less, stream)).rejects.toThrow();
      }
      await expect(written.write(type, { ...data, [field]: null }, stream)).rejects.toThrow();
    }
  });

  test('is read without its sealed fields once the person was erased', async () => {
    const data = fc.sample(dataOf(shape), { numRuns: 1, seed: 2 })[0]!;
    const own = new Written(eventSources);
    const record = await own.write(type, data, stream);
    await own.keyring.erase(PERSON);
    expect((await own.event(record)).data).toStrictEqual(afterErasure(shape, data));
  });
});

test('nothing sealed can be read in what is stored', async () => {
  const written = new Written(eventSources);
  for (const { type, shape, category } of everyEvent) {
    const sealedFields = sealedFieldsOf(shape);
    const data = fc.sample(dataOf(shape), { numRuns: 1, seed: 3 })[0]!;
    for (const field of sealedFields) data[field] = marked(shape[field]!, data[field]);
    const { data: text, metadata } = await written.write(type, data, `${category}-${PERSON}`);
    expect(`${text}${metadata}`).not.toMatch(/canary/i);
    expect(Buffer.from(text, 'base64').toString('latin1')).not.toMatch(/canary/i);
    if (sealedFields.length > 0) expect(JSON.parse(text)).toMatchObject({ sealed: expect.any(String) });
  }
});

/** The same value with another text in place of each text. */
function marked(type: z.ZodType, value: unknown): unknown {
  if (type instanceof z.ZodOptional) return marked(type.unwrap() as z.ZodType, value);
  if (type instanceof z.ZodString) return 'canary'.slice(0, type.maxLength ?? undefined);
  if (type instanceof z.ZodArray) {
    return (value as unknown[]).map((each) => marked(type.def.element as z.ZodType, each));
  }
  if (!(type instanceof z.ZodObject)) return value;
  const fields = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    fields.map(([name, each]) => [name, marked((type.def.shape as Record<string, z.ZodType>)[name]!, each)]),
  );
}

// A new field of text is sealed, unless somebody has thought about it and says so here.
const TEXT_IN_THE_CLEAR = [
  'accountId',
  'applicantId',
  'applicationId',
  'blob',
  'changeId',
  'corrects',
  'createdBy',
  'emailKey',
  'enteredBy',
  'forEvent',
  'formerEmailKey',
  'from',
  'invitedBy',
  'legacyAccountId',
  'linkId',
  'logoutId',
  'messageId',
  'owner',
  'permissions',
  'refusedEmailKey',
  'removalId',
  'removedBy',
  'resetId',
  'reviewerId',
  'row',
  'session',
  'sessionId',
  'statusEventId',
  'suspensionId',
  'ticketId',
  'to',
  'tradeAccountId',
  'userId',
];

test('texts that are neither sealed nor on the list stand in no event', () => {
  const open = everyEvent.flatMap(({ shape }) =>
    Object.entries(shape)
      .filter(([, type]) => !isSealed(type) && holdsText(type))
      .map(([field]) => field),
  );
  expect([...new Set(open)].sort()).toEqual(TEXT_IN_THE_CLEAR);
});

test('a batch is read with one question to the key store', async () => {
  const written = new Written(eventSources);
  const records = [];
  for (const person of ['ada', 'bob', 'eve']) {
    const about = { ...meta, person };
    records.push(await written.write('AccountUnlocked', { reason: person }, 'account-x', about));
  }
  const { keys } = written;
  let asked = 0;
  const counting = Object.assign(Object.create(keys) as typeof keys, {
    find: (persons: readonly string[]) => {
      asked += 1;
      return keys.find(persons);
    },
  });
  const reads = await new Written(eventSources, counting).codec.decode(records);
  expect(reads.map((read) => !isUndecodable(read) && read.data.reason)).toEqual(['ada', 'bob', 'eve']);
  expect(asked).toBe(1);
});
