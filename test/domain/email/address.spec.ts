import { canonicalEmail, isEmailAddress } from '../../../src/domain/email/address.js';

const label63 = 'a'.repeat(63);

test.each([
  'ada@example.org',
  'ADA.Lovelace+portal@Example.ORG',
  "o'neil/dept=1@sub.example.co",
  'a@b.cd',
  `${'a'.repeat(64)}@example.org`,
  `a@${label63}.org`,
  'a@xn--bcher-kva.example',
  'a@example.xn--p1ai',
])('%j is an address', (text) => {
  expect(isEmailAddress(text)).toBe(true);
});

test.each([
  '',
  'ada',
  '@example.org',
  'ada@',
  'ada@example',
  'ada@@example.org',
  'ada@eve@example.org',
  '.ada@example.org',
  'ada.@example.org',
  'ada..l@example.org',
  '"ada"@example.org',
  'ada l@example.org',
  'ada@exa mple.org',
  'ada@-example.org',
  'ada@example-.org',
  'ada@example.org.',
  'ada@.example.org',
  'ada@example..org',
  'ada@[127.0.0.1]',
  'ada@127.0.0.1',
  'ada@example.org\n',
  'ada@example.org\r\nBcc: eve@example.org',
  'ada\0@example.org',
  'ada@example.org\0',
  'ada@example.org,eve@example.org',
  'Ada <ada@example.org>',
  // What looks like another address, or becomes one when folded: CVE-2019-19844 and its kin.
  'ad\u0430@example.org',
  'm\u0131ke@example.org',
  'ada@ex\u00e4mple.org',
  'ada\u200b@example.org',
  '\uff41da@example.org',
  'ada@example.\u212aom',
  `${'a'.repeat(65)}@example.org`,
  `a@${'a'.repeat(64)}.org`,
  `${'a'.repeat(64)}@${`${label63}.`.repeat(3)}org`,
])('%j is none', (text) => {
  expect(isEmailAddress(text)).toBe(false);
});

test('two spellings that differ in case are one address', () => {
  expect(canonicalEmail('ADA.Lovelace@Example.ORG')).toBe('ada.lovelace@example.org');
});
