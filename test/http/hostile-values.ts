import type { Schema } from './samples.js';

/** Marks what was sent, to be looked for in what comes back. */
export const CANARY = 'canary7f3a9c';

const notText: unknown[] = [
  null,
  true,
  42,
  -1,
  1e308,
  [],
  [CANARY],
  [['a']],
  {},
  { $gt: '' },
  { $where: CANARY },
  { $ne: null },
  { toString: CANARY },
  { length: 1 },
];

/** Wrong in every field of text: halves of characters, NUL, and far too much. */
const badText = ['', `${CANARY}\u0000`, `${CANARY}\ud800`, CANARY.repeat(2_000)];

const badLines = [
  '   ',
  `${CANARY}\r\nBcc: x@y.example`,
  `${CANARY}\u001b[31m`,
  `${CANARY}\u202e`,
  `${CANARY}\u0085`,
];

export const badAddresses = [
  CANARY,
  `${CANARY}@`,
  '@broker.example',
  `${CANARY}@broker`,
  `${CANARY}@broker.example\r\nBcc: x@y.example`,
  `${CANARY}@broker.example\n`,
  `${CANARY}@broker.example\u0000.evil.example`,
  `${CANARY}@broker.example,other@evil.example`,
  `${CANARY}@broker.example other@evil.example`,
  `"${CANARY}"@broker.example`,
  `"${CANARY}@evil.example"@broker.example`,
  `${CANARY} <a@broker.example>`,
  `${CANARY}..x@broker.example`,
  `.${CANARY}@broker.example`,
  `${CANARY}@broker..example`,
  `${CANARY}@-broker.example`,
  `${CANARY}@[127.0.0.1]`,
  `${CANARY}@127.0.0.1`,
  // Looks like another one: full-width letters, dotless i, Kelvin sign, zero-width space, soft hyphen, Cyrillic o.
  `\uff43anary@broker.example`,
  `m\u0131ke@broker.example`,
  `mi\u212aike@broker.example`,
  `a\u200bb@broker.example`,
  `a\u00adb@broker.example`,
  `ada@br\u043eker.example`,
  `ada@broker\u3002example`,
  `ada@bücher.example`,
  `${'a'.repeat(65)}@broker.example`,
  `a@${'b.'.repeat(130)}example`,
];

/** What a field must refuse, by what its description says it takes. */
export function hostileTo(schema: Schema, name: string): unknown[] {
  const { type, format, enum: choices, properties, items } = schema;
  if (items?.type === 'string') {
    return [
      '',
      CANARY,
      7,
      {},
      [],
      [null],
      [{}],
      [[]],
      [`${CANARY} `],
      [CANARY.repeat(6)],
      Array(201).fill('a'),
    ];
  }
  if (type === 'array') return ['', CANARY, 7, {}, [], [null], [CANARY], [{}], [[]], Array(50).fill({})];
  if (properties) return ['', CANARY, 7, [], null];
  const common = [...notText, ...badText];
  if (format === 'email') return [...common, ...badLines, ...badAddresses];
  if (format === 'password') return [...common, `${CANARY}x`.repeat(20)];
  if (format === 'uuid')
    return [...common, ...badLines, CANARY, '-1', '0190a5e0-0000-7000-8000-00000000A001'];
  if (choices) return [...common.filter((value) => value !== null), ...badLines, CANARY];
  if (name === 'token') return [...common, ...badLines, `${CANARY} x`, `${CANARY}/../x`, `<${CANARY}>`];
  if (name === 'cursor')
    return [...common.filter((value) => value !== null), ...badLines, CANARY, '-1', '1e3'];
  return [...common, ...badLines];
}

/** Bodies that are no JSON object. */
export const brokenBodies = [
  '{',
  '{"email":',
  `{"email":"${CANARY}"`,
  `{email:"${CANARY}"}`,
  `{"email":"${CANARY}",}`,
  `'${CANARY}'`,
  '\u0000',
  '[]',
  `["${CANARY}"]`,
  `"${CANARY}"`,
  '7',
  'true',
  'null',
  '{"a":1}{"b":2}',
  `\ufeff\ufeff{"email":"${CANARY}"}`,
  `{"email":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `{"email":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
];

/** Names that no request has a field for, as written in JSON. */
export const strangeFields = [
  '"isAdmin":true',
  '"roles":["auditor"]',
  '"__proto__":{"isAdmin":true}',
  '"constructor":{"prototype":{"isAdmin":true}}',
  '"constructor":"x"',
  '"prototype":{}',
  '"$where":"1"',
  '"":1',
  '"toString":"x"',
  '"hasOwnProperty":"x"',
  `"${'x'.repeat(3_000)}":1`,
  '"<script>":1',
];
