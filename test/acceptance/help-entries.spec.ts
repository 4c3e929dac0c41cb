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

interface HelpPage {
  readonly name: string;
  readonly sentences: readonly string[];
  readonly headings: readonly string[];
}

function pageOf(file: string): HelpPage {
  const { name, parts } = JSON.parse(
    readFileSync(new URL(`./help-pages/${file}`, import.meta.url), 'utf8'),
  ) as { name: string; parts: { sentence?: string; heading?: string }[] };
  return {
    name,
    sentences: parts.flatMap(({ sentence }) => sentence ?? []),
    headings: parts.flatMap(({ heading }) => heading ?? []),
  };
}

const faq = pageOf('002-ace-portal-faq.json');
const resources = pageOf('001-c-tpat-portal.json');

/** The page that an entry names; its older form is told by the first words of its name. */
const sourceOf = ({ source }: Entry): HelpPage =>
  [faq, resources].find(({ name }) => name === source.page || name.startsWith(`${source.page},`))!;

const entries = async (): Promise<Entry[]> => (await world.portal.client().get('/api/v1/help')).body.entries;

async function entryOn(topic: string): Promise<Entry> {
  const { status, body } = await world.portal.client().get(`/api/v1/help/${topic}`);
  expect(status).toBe(200);
  return body;
}

const HELP = 'ACE Portal Modernization FAQs, advice';
const SCREENSHOT = 'How to take a screenshot:';

/** The entry gives this advice, and says that the sentence which titles the test is where it comes from. */
const advises =
  (topic: string, ...advice: readonly string[]) =>
  async () => {
    const title = expect.getState().currentTestName!;
    const sentence = title.replace(`${HELP} `, '').replace(`${SCREENSHOT} `, '');
    const entry = await entryOn(topic);
    const { sentences } = sourceOf(entry);
    expect(entry.source.sentences.map((number) => sentences[number - 1])).toContain(sentence);
    for (const part of advice) expect(entry.text).toContain(part);
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

describe(SCREENSHOT, () => {
  const topic = 'taking-a-screenshot';

  it(
    'To take a screen shot, also known as a screen capture, please follow these instructions:',
    advises(topic, 'Bring up', 'Press the key', 'Open an email message', 'Ctrl + V', 'Send it'),
  );

  it('Bring up the error message on your monitor.', advises(topic, 'Bring up the error message'));

  it(
    'Press the key on the upper right‐hand side of your keyboard that says “Print Screen/SysRq.”',
    advises(topic, 'Press the key on the upper right-hand side of your keyboard', '“Print Screen/SysRq”'),
  );

  it('Open an email message.', advises(topic, 'Open an email message'));

  it(
    'Use your mouse to place the cursor in the email message.',
    advises(topic, 'place the cursor in it with your mouse'),
  );

  it(
    'Press Ctrl + V to paste the image into your message.',
    advises(topic, 'press Ctrl + V to paste the image'),
  );

  it(
    'Send your screen shot, along with any additional information about what happened before the error message popped up, to',
    advises(topic, 'Send it to the C-TPAT Duty Officer', 'what happened before the error message popped up'),
  );
});

describe('the help entries', () => {
  it('come each from sentences of a help page, and none from those of another', async () => {
    const origins = (await entries()).flatMap((entry) => {
      const { name, sentences } = sourceOf(entry);
      return entry.source.sentences.map((number) => `${name}: ${number} ${sentences[number - 1]}`);
    });
    expect(origins.filter((origin) => origin.endsWith('undefined'))).toEqual([]);
    expect(new Set(origins).size).toBe(origins.length);
  });

  it('mark the questions that a page lost', async () => {
    for (const entry of await entries()) {
      if (entry.question === null) continue;
      const { text, isReconstructed } = entry.question;
      expect([text, isReconstructed]).toEqual([text, !sourceOf(entry).headings.includes(text)]);
    }
    const kept = (await entries()).filter(({ question }) => question?.isReconstructed === false);
    expect(kept.map(({ topic }) => topic)).toEqual(['getting-in', 'error-messages', 'taking-a-screenshot']);
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
