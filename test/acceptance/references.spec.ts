import { TradeAccounts } from '../../src/commands/trade-accounts.js';
import type { TradeAccountType } from '../../src/domain/trade-account/events.js';
import { projected } from '../support/history.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { partner, signedIn } from '../support/people.js';
import { Portal } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';
import { broughtOver } from '../support/trade.js';

interface Shown {
  readonly name: string;
  readonly title: string;
  readonly purpose: string;
  readonly state: string;
  readonly date: string | null;
  readonly link: string | null;
  readonly meanwhile: string | null;
  readonly accountTypes: readonly string[];
}

const world = new MailedPortal();

async function trader(name: string, portal: Portal = world.portal): Promise<PortalClient> {
  await partner(portal, `${name}@broker.example`);
  return signedIn(portal, `${name}@broker.example`);
}

const referencesOf = async (client: PortalClient): Promise<Shown[]> =>
  (await client.get('/api/v1/references')).body.references;

async function referenceOf(client: PortalClient, title: string): Promise<Shown> {
  const found = (await referencesOf(client)).find((reference) => reference.title === title);
  if (!found) throw new Error(`no reference has the title “${title}”`);
  return found;
}

/** On whose pages of trade accounts a reference stands, for somebody who has one of each of these types. */
async function pagesOf(name: string, title: string, ...types: ('ProtestFiler' | 'Exporter' | 'Importer')[]) {
  const accountId = await partner(world.portal, `${name}@broker.example`);
  for (const type of types) await broughtOver(world.portal, { accountId, type, number: `${name}${type}` });
  await projected(world.portal);
  const client = await signedIn(world.portal, `${name}@broker.example`);
  return (await referenceOf(client, title)).accountTypes;
}

describe('ACE Portal Modernization FAQs, the “References” tab', () => {
  it('Yes. From the modernized ACE Portal, navigate to the “References” tab and click the “Legacy ACE Portal” button.', async () => {
    const legacy = await referenceOf(await trader('legacy'), 'Legacy ACE Portal');
    expect(legacy).toMatchObject({ name: 'legacyPortal', state: 'available' });
    expect(legacy.link).not.toBeNull();
  });

  it('The legacy ACE Portal will remain available until January 2023 (tentative).', async () => {
    const legacy = await referenceOf(await trader('until'), 'Legacy ACE Portal');
    // The date is only shown: the test's clock stands in 2026, and nothing was closed.
    expect([legacy.date, legacy.state]).toEqual(['January 2023 (tentative)', 'available']);
  });

  it('Yes, the legacy URL will remain the same during the transition period.', async () => {
    const legacy = await referenceOf(await trader('same-address'), 'Legacy ACE Portal');
    expect(legacy.link).toBe('https://ace.cbp.dhs.gov');
  });

  it('The link to the Protest System will soon be on the “References” tab of the modernized portal and on the Protest Filer account page.', async () => {
    expect(await referenceOf(await trader('protester'), 'Protest')).toMatchObject({
      state: 'comingSoon',
      link: null,
      accountTypes: [],
    });
    expect(await pagesOf('filer', 'Protest', 'ProtestFiler', 'Importer')).toEqual(['ProtestFiler']);
    expect(await pagesOf('no-filer', 'Protest', 'Exporter', 'Importer')).toEqual([]);
  });

  it('Until these links are available, navigate to the “References” tab and click the “Legacy ACE Portal” button to launch the Protest Module.', async () => {
    const { meanwhile } = await referenceOf(await trader('until-protest'), 'Protest');
    expect(meanwhile).toBe(
      'Until its link is here, open the Legacy ACE Portal to launch the Protest Module.',
    );
  });

  it('The link to AES will soon be on the “References” tab of the modernized portal and on the Exporter account page.', async () => {
    expect(await pagesOf('exporter', 'AES', 'Exporter', 'ProtestFiler')).toEqual(['Exporter']);
    expect(await pagesOf('no-exporter', 'AES', 'ProtestFiler', 'Importer')).toEqual([]);
  });

  it('The link to AES will soon be on the “References” tab of the modernized portal.', async () => {
    const aes = await referenceOf(await trader('aes'), 'AES');
    expect([aes.state, aes.link]).toEqual(['comingSoon', null]);
  });

  it('Until these links are available, navigate to the “References” tab and click the “Legacy ACE Portal” button to access AES.', async () => {
    const { meanwhile } = await referenceOf(await trader('until-aes'), 'AES');
    expect(meanwhile).toBe('Until its link is here, open the Legacy ACE Portal to access AES.');
  });

  it('All existing functions of the Automated Export System (AES) will not be impacted by the modernized portal.', async () => {
    const { purpose } = await referenceOf(await trader('aes-stays'), 'AES');
    expect(purpose).toContain('Automated Export System (AES), all of whose functions stay as they are');
  });

  it('No. The modernization effort has no impact on ACE Reports.', async () => {
    const reports = await referenceOf(await trader('reports'), 'ACE Reports');
    expect(reports).toMatchObject({ state: 'available', link: 'https://ace.cbp.dhs.gov' });
    expect(reports.purpose).toContain('which the modernization does not change');
  });
});

describe('the references', () => {
  it('are for those who are signed in', async () => {
    expect((await world.portal.client().get('/api/v1/references')).status).toBe(401);
  });

  it('find a type behind any number of other trade accounts', async () => {
    const { portal } = world;
    const accountId = await partner(portal, 'many@broker.example');
    const numbers = Array.from({ length: 400 }, (_, index) => `M${index}`);
    const idOf = (type: TradeAccountType, number: string) => portal.app.get(TradeAccounts).idOf(type, number);
    // Views go by id: the exporter must come after a whole page of importers.
    const exporter = numbers.reduce((a, b) => (idOf('Exporter', a) > idOf('Exporter', b) ? a : b));
    const before = numbers.filter((number) => idOf('Importer', number) < idOf('Exporter', exporter));
    for (const number of before.slice(0, 200)) await broughtOver(portal, { accountId, number });
    await broughtOver(portal, { accountId, type: 'Exporter', number: exporter });
    await projected(portal);
    const shown = await referencesOf(await signedIn(portal, 'many@broker.example'));
    expect(shown.flatMap(({ accountTypes }) => accountTypes)).toEqual(['Exporter']);
  });

  it('are as the operator says: links of what is available alone, and no way through a retired portal', async () => {
    const portal = await Portal.open({
      REFERENCES: [
        'aes=available@since May 2023 https://aes.example/start?from=portal',
        'protest=comingSoon@June 2023 https://protest.example',
        'aceReports=available https://reports.example',
        'legacyPortal=retired@January 2023 https://ace.example',
      ].join(', '),
    });
    try {
      const shown = await referencesOf(await trader('configured', portal));
      expect(
        shown.map(({ name, state, date, link, meanwhile }) => [name, state, date, link, meanwhile]),
      ).toEqual([
        ['aes', 'available', 'since May 2023', 'https://aes.example/start?from=portal', null],
        ['protest', 'comingSoon', 'June 2023', null, null],
        ['aceReports', 'available', null, 'https://reports.example', null],
        ['legacyPortal', 'retired', 'January 2023', null, null],
      ]);
    } finally {
      await portal.close();
    }
  });
});
