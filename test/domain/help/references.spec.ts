import { references, referencesOfFaq } from '../../../src/domain/help/references.js';

const others = 'protest=comingSoon,aes=comingSoon,aceReports=retired';
const legacyPortal = (entry: string) => references.safeParse(`legacyPortal=${entry}, ${others},`);
const mistakesOf = (text: string) =>
  (references.safeParse(text).error?.issues ?? []).map(({ message }) => message);

describe('the setting of the references', () => {
  it('takes what the FAQ says', () => {
    expect(references.parse(referencesOfFaq)).toEqual([
      {
        name: 'legacyPortal',
        state: 'available',
        date: 'January 2023 (tentative)',
        link: 'https://ace.cbp.dhs.gov',
      },
      { name: 'protest', state: 'comingSoon', date: null, link: null },
      { name: 'aes', state: 'comingSoon', date: null, link: null },
      { name: 'aceReports', state: 'available', date: null, link: 'https://ace.cbp.dhs.gov' },
    ]);
  });

  it.each([
    ['retired', { state: 'retired', date: null, link: null }],
    ['retired@2023', { state: 'retired', date: '2023', link: null }],
    [
      'available https://a.example/b?c=d',
      { state: 'available', date: null, link: 'https://a.example/b?c=d' },
    ],
    ['retired@1 May https://a.example', { state: 'retired', date: '1 May', link: 'https://a.example' }],
  ])('reads %s', (entry, expected) => {
    expect(legacyPortal(entry).data?.[0]).toEqual({ name: 'legacyPortal', ...expected });
  });

  it.each([
    [`legacyPortal=available,${others}`, 'what is available needs a link'],
    [`legacyPortal=available http://a.example,${others}`, 'each must be name=state'],
    [`legacyPortal=available javascript:alert(1),${others}`, 'each must be name=state'],
    [`legacyPortal=available https://[,${others}`, 'a link must be an address'],
    [`legacyPortal=retired@,${others}`, 'each must be name=state'],
    [`legacyPortal=retired@${'x'.repeat(61)},${others}`, 'each must be name=state'],
    [`legacyPortal=open,${others}`, 'states are available, comingSoon, retired'],
    [`__proto__=retired,${others}`, 'names are legacyPortal, protest, aes, aceReports'],
    [others, 'must name each of legacyPortal, protest, aes, aceReports once'],
    [`aes=retired,${others}`, 'must name each of legacyPortal, protest, aes, aceReports once'],
    [`legacyPortal=retired,${others},aes=retired`, 'must name each of'],
  ])('refuses %s', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([expect.stringContaining(mistake)]);
  });
});
