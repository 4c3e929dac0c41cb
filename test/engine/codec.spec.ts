import fc from 'fast-check';
import { z } from 'zod';
import { defineEvents, sealed } from '../../src/domain/events.js';
import { isUndecodable, type EventSource, type Upcasters } from '../../src/engine/codec.js';
import { StoreUnavailable, type RecordedEvent } from '../../src/ports.js';
import { meta, PERSON, Written } from '../support/written.js';

const events = defineEvents({
  Noted: { text: sealed(z.string()), mark: z.int().optional() },
  Remarked: { text: sealed(z.string()), mark: z.int().optional() },
  Seen: { count: z.int() },
});
const notes: EventSource = { category: 'note', events };
const STREAM = 'note-1';

let written: Written;
beforeEach(() => {
  written = new Written([notes]);
});
const noted = (text = 'secret') => written.write('Noted', { text }, STREAM);
const changed = (record: RecordedEvent, part: 'data' | 'metadata', change: object): RecordedEvent => ({
  ...record,
  [part]: JSON.stringify({ ...(JSON.parse(record[part]) as object), ...change }),
});

describe('a sealed box', () => {
  test.each([
    ['another event', (box: RecordedEvent) => ({ ...box, eventId: '0190a5e0-0000-7000-8000-000000000009' })],
    ['another stream', (box: RecordedEvent) => ({ ...box, stream: 'note-2' })],
    ['an event of another type', (box: RecordedEvent) => ({ ...box, type: 'Remarked' })],
  ])('does not open in %s', async (_, moved) => {
    expect(await written.cause(moved(await noted()))).toBe('the sealed box cannot be opened');
  });
  test('does not open with the key of another person', async () => {
    await written.write('Noted', { text: 'x' }, STREAM, { ...meta, person: 'eve' });
    const record = changed(await noted(), 'metadata', { person: 'eve' });
    expect(await written.cause(record)).toBe('the sealed box cannot be opened');
  });
  test('cannot be taken out, or be something else', async () => {
    const record = await noted();
    expect(await written.cause({ ...record, data: '{}' })).toContain('text');
    for (const sealed of [5, null, {}, [], true]) {
      expect(await written.cause(changed(record, 'data', { sealed }))).toBe('no sealed box');
    }
    for (const sealed of ['', 'AAAA', 'not base64 at all']) {
      expect(await written.cause(changed(record, 'data', { sealed }))).toBe(
        'the sealed box cannot be opened',
      );
    }
  });
  test('without a person named is no erasure', async () => {
    const record = changed(await noted(), 'metadata', { person: undefined });
    expect(await written.cause(record)).toBe('no sealed box');
  });
  test('is made where there is something to seal, and a key with it', async () => {
    const record = await written.write('Seen', { count: 1 }, STREAM);
    expect(JSON.parse(record.metadata)).not.toHaveProperty('person');
    expect(await written.keys.list(null, 10)).toEqual([]);
    expect(JSON.parse((await noted()).metadata)).toHaveProperty('person', PERSON);
  });
});

describe('what cannot be read is reported, not thrown', () => {
  const broken: [string, (record: RecordedEvent) => RecordedEvent][] = [
    ['an unknown type', (record) => ({ ...record, type: 'Unheard' })],
    ['a name that every object has', (record) => ({ ...record, type: 'constructor' })],
    ['data that is not JSON', (record) => ({ ...record, data: '{"count":' })],
    ['metadata that is not JSON', (record) => ({ ...record, metadata: '' })],
    ...['null', '[]', '5', '"x"'].flatMap((text): typeof broken => [
      [`data that is ${text}`, (record) => ({ ...record, data: text })],
      [`metadata that is ${text}`, (record) => ({ ...record, metadata: text })],
    ]),
    ['data of another shape', (record) => ({ ...record, data: '{"count":"many"}' })],
    ['data with a field too many', (record) => ({ ...record, data: '{"count":1,"__proto__":{}}' })],
    ...[
      { at: undefined },
      { at: '5' },
      { at: 0.5 },
      { schema: undefined },
      { schema: 0 },
      { schema: -1 },
    ].map((change): (typeof broken)[number] => [
      `metadata with ${JSON.stringify(change)}`,
      (record) => changed(record, 'metadata', change),
    ]),
    ...[{ schema: '1' }, { commandId: undefined }, { person: 5 }, { actor: null }].map(
      (change): (typeof broken)[number] => [
        `metadata with ${JSON.stringify(change)}`,
        (record) => changed(record, 'metadata', change),
      ],
    ),
    ['a version from the future', (record) => changed(record, 'metadata', { schema: 2 })],
  ];
  test.each(broken)('%s', async (_, break_) => {
    const good = await written.write('Seen', { count: 1 }, STREAM);
    const bad = break_(good);
    const [before, between, after] = await written.codec.decode([good, bad, good]);
    expect(between).toEqual({ record: bad, cause: expect.any(String) });
    expect([before, after].map((read) => isUndecodable(read!))).toEqual([false, false]);
  });

  test('whatever a foreign hand wrote', async () => {
    const good = await noted();
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    const partly = (part: 'data' | 'metadata') =>
      fc
        .dictionary(
          fc.constantFrom(
            'text',
            'mark',
            'sealed',
            'at',
            'schema',
            'person',
            'actor',
            'commandId',
            '__proto__',
          ),
          fc.jsonValue(),
        )
        .map((change) => changed(good, part, change)[part]);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anything, partly('data')),
        fc.oneof(anything, fc.constant(good.metadata), partly('metadata')),
        async (data, metadata) => {
          await written.codec.decode([{ ...good, data, metadata }]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('and what is told of it does not quote what was sealed', async () => {
    const upcasters: Upcasters = {
      Noted: [
        ({ text }) => {
          throw new Error(`cannot understand ${String(text)}`);
        },
      ],
    };
    const failing = new Written([{ ...notes, upcasters }], written.keys);
    const old = await noted('canary');
    expect(await failing.cause(old)).toBe('cannot be raised from version 1: Error');
    expect(await written.cause({ ...old, data: 'canary' })).not.toContain('canary');
    const narrowed = defineEvents({ Noted: { text: sealed(z.string().max(3)) } });
    const strict = new Written([{ category: 'note', events: narrowed }], written.keys);
    expect(await strict.cause(old)).not.toContain('canary');
  });
});

test('a key store that fails is no undecodable event: it throws', async () => {
  const record = await noted();
  await written.keys.close();
  await expect(new Written([notes], written.keys).read(record)).rejects.toThrow(StoreUnavailable);
});

test('an event of no kind of stream is never written', async () => {
  await expect(written.write('Unheard', {}, STREAM)).rejects.toThrow('not an event of any stream');
  await expect(written.write('constructor', {}, STREAM)).rejects.toThrow('not an event of any stream');
});

describe('upcasters', () => {
  const later = defineEvents({ Noted: { words: sealed(z.array(z.string())), loud: z.boolean() } });
  const upcasters: Upcasters = {
    Noted: [
      // The text is missing where the person was erased.
      ({ text, mark, ...rest }) => ({
        ...rest,
        ...(text !== undefined && { words: (text as string).split(' ') }),
        mark: mark ?? 0,
      }),
      ({ mark, ...rest }) => ({ ...rest, loud: (mark as number) > 0 }),
    ],
  };
  const today: EventSource = { category: 'note', events: later, upcasters };

  test('raise an event of the first version, step by step, sealed fields included', async () => {
    const old = await written.write('Noted', { text: 'hear hear', mark: 1 }, STREAM);
    const read = await new Written([today], written.keys).event(old);
    expect(read.data).toEqual({ words: ['hear', 'hear'], loud: true });
  });
  test('raise an event of the second version by the last step only', async () => {
    const second = new Written(
      [
        {
          category: 'note',
          events: defineEvents({ Noted: { words: sealed(z.array(z.string())), mark: z.int() } }),
          upcasters: { Noted: upcasters.Noted!.slice(0, 1) },
        },
      ],
      written.keys,
    );
    const old = await second.write('Noted', { words: ['hear'], mark: 0 }, STREAM);
    expect(JSON.parse(old.metadata)).toHaveProperty('schema', 2);
    const read = await new Written([today], written.keys).event(old);
    expect(read.data).toEqual({ words: ['hear'], loud: false });
  });
  test('leave an event of today alone, which says its version', async () => {
    const now = new Written([today], written.keys);
    const record = await now.write('Noted', { words: [], loud: true }, STREAM);
    expect(JSON.parse(record.metadata)).toHaveProperty('schema', 3);
    expect((await now.event(record)).data).toEqual({ words: [], loud: true });
  });
  test('raise what is left after an erasure', async () => {
    const old = await noted();
    await written.keyring.erase(PERSON);
    expect((await new Written([today], written.keys).event(old)).data).toEqual({ loud: false });
  });
  test('whose result has not the shape of today are reported', async () => {
    const wrong = { ...today, upcasters: { Noted: [() => ({ loud: 'very' }), upcasters.Noted![1]!] } };
    expect(await new Written([wrong], written.keys).cause(await noted())).toContain('words');
  });
});

describe('kinds of streams that cannot be told apart are refused at start', () => {
  test('with the same event', () => {
    const twice: EventSource = { category: 'other', events: defineEvents({ Seen: {} }) };
    expect(() => new Written([notes, twice])).toThrow('two kinds of stream define the event Seen');
  });
  test('with a field named as the box', () => {
    const odd: EventSource = { category: 'other', events: defineEvents({ Odd: { sealed: z.int() } }) };
    expect(() => new Written([odd])).toThrow("cannot be called 'sealed'");
  });
  test('and the events of all others are known', () => {
    expect(['Noted', 'Unheard'].map((type) => written.codec.knows(type))).toEqual([true, false]);
  });
});
