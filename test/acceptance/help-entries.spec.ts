import { readFileSync } from 'node:fs';
import { MailedPortal } from '../support/mailed-portal.js';

interface Entry {
  readonly topic: string;
  readonly title: string;
  readonly question: { readonly text: string; readonly isReconstructed: boolean } | null;
  readonly text: string;
  readonly source: { readonly page: string; readonly sentences: readonly number[] };
}

const world = new MailedPortal();

const faq = JSON.parse(
  readFileSync(new URL('./help-pages/002-ace-portal-faq.json', import.meta.url), 'utf8'),
) as { name: string; parts: { sentence?: string; heading?: string }[] };
const sentences = faq.parts.flatMap(({ sentence }) => sentence ?? []);
const headings = faq.parts.flatMap(({ heading }) => heading ?? []);

const entries = async (): Promise<Entry[]> => (await world.portal.client().get('/api/v1/help')).body.entries;

async function entryOn(topic: string): Promise<Entry> {
  const { status, body } = await world.portal.client().get(`/api/v1/help/${topic}`);
  expect(status).toBe(200);
  return body;
}

const HELP = 'ACE Portal Modernization FAQs, advice';

/** The entry gives this advice, and says that the sentence which titles the test is where it comes from. */
const advises =
  (topic: string, ...advice: readonly string[]) =>
  async () => {
    const sentence = expect.getState().currentTestName!.slice(`${HELP} `.length);
    const { text, source } = await entryOn(topic);
    expect(source.page).toBe(faq.name);
    expect(source.sentences.map((number) => sentences[number - 1])).toContain(sentence);
    for (const part of advice) expect(text).toContain(part);
  };

describe(HELP, () => {
  it(
    'U.S. Customs and Border Protection (CBP) is modernizing the Automated Commercial Environment Secure Data Portal (ACE Portal) over multiple phases in 2022.',
    advises('modernization', 'Automated Commercial Environment Secure Data Portal', 'in several phases'),
  );

  it(
    'The modernization effort will entail the transition of existing functionality to an upgraded platform, offering easier use and better performance.',
    advises('modernization', 'an upgraded platform', 'easier to use and performs better'),
  );

  it(
    'The ACE Portal offers users real-time access to trade data through features such as ACE Reports, ACE account management, and electronic communication with CBP and Partner Government Agencies (PGA).',
    advises('modernization', 'real-time access to trade data: ACE Reports, ACE account management'),
  );

  it('Below are some Frequently Asked Questions (FAQs) about the transition to the modernized ACE Portal.', async () => {
    const all = await entries();
    expect(all.filter(({ question }) => question !== null).length).toBeGreaterThan(10);
    for (const entry of all) expect(await entryOn(entry.topic)).toEqual(entry);
  });

  it('Navigate to ace.cbp.gov', advises('getting-in', 'Go to ace.cbp.gov'));

  it('Click "Trade/PGA User"', advises('getting-in', 'click “Trade/PGA User”'));

  it(
    'Additionally, we recommend using Google Chrome to access the modernized ACE Portal',
    advises('browsers', 'we recommend Google Chrome'),
  );

  it(
    'At this time, users should continue to follow the current process in the legacy ACE Portal for creating users.',
    advises('creating-users', 'go on creating users in the legacy ACE Portal as before'),
  );

  it(
    'For more information, please see the Managing User Access training guide.',
    advises('creating-users', 'The Managing User Access training guide tells more'),
  );

  it(
    'When this functionality is available in the modernized ACE Portal, additional information will be provided.',
    advises('creating-users', 'You will be told here when users can be created in the modernized portal'),
  );

  it(
    'For detailed instructions on how to use the functionality available in the modernized ACE Portal, check out the ACE Portal Training Resources',
    advises('training-resources', 'The ACE Portal Training Resources have detailed instructions'),
  );

  it(
    'Please contact the ACE Service Desk to request a password reset',
    advises('legacy-password', 'Contact the ACE Service Desk'),
  );

  it(
    'To sync their account access and permissions from the legacy portal to the modernized portal',
    advises('syncing', 'account access and permissions from the legacy portal'),
  );

  it(
    'Yes. Edge, Chrome, Firefox and Safari are all supported.',
    advises('browsers', 'Chrome, Edge, Firefox and Safari are supported'),
  );

  it(
    'IE is not officially supported, and users will receive a warning on reduced functionality when accessing the portal in IE.',
    advises('browsers', 'Internet Explorer (IE) is not officially supported', 'reduced functionality'),
  );

  it(
    'No. The modernization effort has no impact on ACE Reports.',
    advises('ace-reports', 'The modernization has no impact on ACE Reports'),
  );

  it(
    'We recommend that you keep your legacy user id and password throughout the transition until the legacy portal is retired.',
    advises('keep-legacy-credentials', 'Keep both until the legacy portal is retired'),
  );

  it(
    'All users are required to individually sign in to the modernized ACE Portal using their own email address and password.',
    advises('shared-logins', 'Everybody signs in', 'an e-mail address and password of their own'),
  );

  it(
    'In the event that multiple trade users share a single account’s login information, the Account Owner will need to go in and create individual user accounts for additional users.',
    advises('shared-logins', 'the Account Owner creates individual users', '“User Access” in the Tools tab'),
  );

  it(
    'If it does not, please close your browser, clear your cache, and try again.',
    advises('page-errors', 'Refresh your browser', 'close your browser, clear your cache, and try again'),
  );
});

describe('the help entries', () => {
  it('come each from sentences of the FAQ, and none from those of another', async () => {
    const numbers = (await entries()).flatMap(({ source }) => source.sentences);
    expect(numbers.filter((number) => sentences[number - 1] === undefined)).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('mark the questions that the FAQ lost', async () => {
    const questions = (await entries()).flatMap(({ question }) => question ?? []);
    for (const { text, isReconstructed } of questions) {
      expect([text, isReconstructed]).toEqual([text, !headings.includes(text)]);
    }
    expect(questions.filter(({ isReconstructed }) => !isReconstructed)).toHaveLength(1);
  });

  it.each([
    ['TAO', 'Trade Account Owner'],
    ['POC', 'Point of Contact'],
    ['PGA', 'Partner Government Agency'],
    ['AES', 'Automated Export System'],
    ['IE', 'Internet Explorer'],
  ])('spell %s out once, each entry that has it', async (short, long) => {
    const texts = (await entries()).map(({ text }) => text).filter((text) => text.includes(short));
    expect(texts).not.toEqual([]);
    for (const text of texts) expect(text.split(long)).toHaveLength(2);
  });

  it.each([
    'nothing',
    'BROWSERS',
    '__proto__',
    'constructor',
    '%00',
    'browsers%00',
    '%7B%22$gt%22:%22%22%7D',
    'x'.repeat(99),
  ])('are found by their topic alone, which %s is not', async (topic) => {
    const { status, body } = await world.portal.client().get(`/api/v1/help/${topic}`);
    expect([status, body.code, body.errors]).toEqual([
      404,
      'NotFound',
      [{ pointer: '#/path/topic', detail: 'must be a topic of GET /api/v1/help' }],
    ]);
  });
});
