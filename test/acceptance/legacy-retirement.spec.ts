import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { RetireLegacyPortal, type RetirementStep } from '../../src/commands/retire-legacy-portal.js';
import { LEGACY_PORTAL_ID, legacyPortalDecider } from '../../src/domain/legacy-portal/legacy-portal.js';
import { Streams } from '../../src/engine/streams.js';
import { TellLegacyRetirementJob } from '../../src/jobs/tell-legacy-retirement.js';
import { Ids } from '../../src/ports.js';
import { CountUnsentNotices } from '../../src/projections/legacy-retirement-notices.js';
import { projected } from '../support/history.js';
import { importLegacy, legacyAccount, sync } from '../support/legacy.js';
import { FakeMailer } from '../support/mail-room.js';
import { partner, signedIn } from '../support/people.js';
import { DAY, Portal, type ReadMail } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';
import { syncedAccount } from '../support/synced-accounts.js';
import { broughtOver } from '../support/trade.js';

const DATE = 'January 30, 2026 at 12:00 UTC';
let portal: Portal;

beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

/** As the operator's command line does it. */
async function operator(step: RetirementStep, at: Portal = portal): Promise<void> {
  const commandId = at.app.get(Ids).next();
  const actor = { kind: 'operator', id: 'test', role: null } as const;
  const context = { commandId, actor, correlationId: commandId, causationId: commandId };
  await at.app.get(CommandBus).execute(new RetireLegacyPortal(step, context));
}
const announce = (days = 15) => operator({ step: 'announce', retiresAt: portal.clock.now() + days * DAY });

async function jobRuns(): Promise<void> {
  await projected(portal);
  await portal.app.get(TellLegacyRetirementJob).run();
  await portal.settled();
  await projected(portal);
}

/** Everybody is told, and 15 days pass. */
async function retired(): Promise<void> {
  await announce();
  await jobRuns();
  await jobRuns();
  portal.clock.advance(15 * DAY);
  await operator({ step: 'retire' });
}

async function trader(name: string): Promise<PortalClient> {
  await partner(portal, `${name}@broker.example`);
  return signedIn(portal, `${name}@broker.example`);
}

async function synced(name: string): Promise<PortalClient> {
  await importLegacy(portal, legacyAccount(name));
  const client = await trader(name);
  expect((await sync(client, name)).status).toBe(201);
  return client;
}

const news = async (name: string): Promise<ReadMail[]> =>
  (await portal.mailTo(`${name}@broker.example`)).filter(({ subject }) => /retired/.test(subject));

const reference = async (client: PortalClient, name: string) => {
  const { references } = (await client.get('/api/v1/references')).body;
  return references.find((each: { name: string }) => each.name === name);
};

describe('The end of the legacy portal', () => {
  it('Information on any changes to legacy will be communicated ahead of time.', async () => {
    for (const name of ['ada', 'ben']) await synced(name);
    await trader('unsynced');
    await announce();
    await jobRuns();
    await jobRuns();
    for (const name of ['ada', 'ben']) {
      const [mail, ...more] = await news(name);
      expect(more).toEqual([]);
      expect(mail!.text).toContain(`The legacy ACE Portal will be retired on ${DATE}`);
    }
    expect(await news('unsynced')).toEqual([]);
  });

  it('who syncs after the announcement is told then', async () => {
    await announce();
    await jobRuns();
    await synced('late');
    await jobRuns();
    await jobRuns();
    expect((await news('late')).map(({ text }) => text)).toEqual([expect.stringContaining(DATE)]);
  });

  it('of another date everybody is told anew, and where it is called off those who were told', async () => {
    await synced('told');
    await announce(15);
    await jobRuns();
    await announce(30);
    await jobRuns();
    await operator({ step: 'callOff' });
    await synced('later');
    await jobRuns();
    await jobRuns();
    expect((await news('told')).map(({ subject }) => subject)).toEqual([
      'ACE Portal: the legacy portal will be retired',
      'ACE Portal: the legacy portal will be retired',
      'ACE Portal: the legacy portal will not be retired for the time being',
    ]);
    expect(await news('later')).toEqual([]);
    const told = await signedIn(portal, 'told@broker.example');
    const { entries } = (await told.get('/api/v1/me/history')).body;
    expect(entries[1].sentence).toContain('will not be retired for the time being');
  });

  it('“References” shows the date once it is announced', async () => {
    const ada = await trader('dated');
    expect(await reference(ada, 'legacyPortal')).toMatchObject({ retiresAt: null });
    await announce();
    const { retiresAt, state, date } = await reference(ada, 'legacyPortal');
    expect([retiresAt, state, date]).toEqual([
      '2026-01-30T12:00:00.000Z',
      'available',
      'January 2023 (tentative)',
    ]);
    await operator({ step: 'callOff' });
    expect(await reference(ada, 'legacyPortal')).toMatchObject({ retiresAt: null });
  });
});

describe('The legacy portal is retired by an operator:', () => {
  it('a date that has come retires nothing by itself', async () => {
    const ada = await synced('patient');
    await announce();
    await jobRuns();
    await jobRuns();
    portal.clock.advance(20 * DAY);
    await jobRuns();
    expect(await reference(await signedIn(portal, 'patient@broker.example'), 'legacyPortal')).toMatchObject({
      state: 'available',
    });
    expect((await ada.get('/api/v1/help/legacy-portal')).body.text).toContain('Yes: open');
  });

  it('nobody retires it before everybody was told 14 days ago', async () => {
    await synced('slow');
    await announce();
    portal.clock.advance(15 * DAY);
    await expect(operator({ step: 'retire' })).rejects.toMatchObject({ code: 'RetirementNotMadeKnown' });
    await jobRuns();
    await jobRuns();
    await expect(operator({ step: 'retire' })).rejects.toMatchObject({ code: 'RetirementNotDue' });
    portal.clock.advance(14 * DAY);
    await operator({ step: 'retire' });
  });

  it('once it is retired it is so everywhere, whatever the configuration says', async () => {
    await retired();
    const ada = await trader('after');
    expect(await reference(ada, 'legacyPortal')).toMatchObject({ state: 'retired', link: null });
    expect(await reference(ada, 'protest')).toMatchObject({ state: 'comingSoon', meanwhile: null });
    const help = await ada.get('/api/v1/help/legacy-portal');
    expect(help.body.text).toContain('has been retired');
    await importLegacy(portal, legacyAccount('AFTER'));
    const { nextSteps } = (await sync(ada, 'AFTER')).body;
    expect(nextSteps).toEqual([expect.stringContaining('the legacy portal is retired')]);
    const mails = await portal.mailTo('after@broker.example');
    expect(mails.at(-1)!.text).toContain('You do not need your legacy user id and password any more');
    await jobRuns();
    expect(await news('after')).toEqual([]);
    await operator({ step: 'retire' });
  });
});

describe('The Protest Filer account page and the Exporter account page', () => {
  it('show what they lead to', async () => {
    const accountId = await partner(portal, 'pages@broker.example');
    for (const type of ['ProtestFiler', 'Exporter', 'Importer'] as const) {
      await broughtOver(portal, { accountId, type, number: `N${type}` });
    }
    await projected(portal);
    const ada = await signedIn(portal, 'pages@broker.example');
    const { tradeAccounts } = (await ada.get('/api/v1/me/trade-accounts')).body;
    const shown = Object.fromEntries(
      tradeAccounts.map(
        (each: { type: string; references: { title: string; meanwhile: string | null }[] }) => [
          each.type,
          each.references.map(({ title, meanwhile }) => [title, meanwhile !== null]),
        ],
      ),
    );
    expect(shown).toEqual({ ProtestFiler: [['Protest', true]], Exporter: [['AES', true]], Importer: [] });
  });
});

describe('The announcement to many', () => {
  it('is made page by page until everybody knows, and recorded then', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `many-${index}`);
    const addresses = await Promise.all(names.map((name) => syncedAccount(portal, name)));
    await announce();
    await jobRuns();
    await jobRuns();
    for (const address of addresses) expect(await portal.mailTo(address)).toHaveLength(1);
    const { state } = await portal.app.get(Streams).read(legacyPortalDecider, LEGACY_PORTAL_ID);
    expect(state.retirement).toMatchObject({ notice: 1, madeKnownAt: portal.clock.now() });
  });

  it('keeps to a hundred mails at a time while the mail server is away', async () => {
    const mailer = new FakeMailer();
    const away = await Portal.open({}, { mailer });
    const names = Array.from({ length: 130 }, (_, index) => `away-${index}`);
    try {
      for (const name of names) await syncedAccount(away, name);
      await away.settled();
      mailer.failure = () => new Error('no mail server');
      await operator({ step: 'announce', retiresAt: away.clock.now() + 15 * DAY }, away);
      await projected(away);
      let looks = 0;
      await away.app.get(TellLegacyRetirementJob).run(() => (looks += 1) < 20);
      await projected(away);
      const asked = await away.app.get(QueryBus).execute(new CountUnsentNotices(200));
      expect(asked).toBe(100);
    } finally {
      await away.close();
    }
  });
});
