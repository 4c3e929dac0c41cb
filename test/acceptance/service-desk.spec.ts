import { Streams } from '../../src/engine/streams.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { resetLegacyPassword } from '../../src/domain/legacy-account/password-link.js';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { EventStore, Ids, LegacySecrets } from '../../src/ports.js';
import { projected } from '../support/history.js';
import { importLegacy, legacyAccount, ldapHash, LEGACY_PASSWORD, sync } from '../support/legacy.js';
import { NEW_PASSWORD, setPassword } from '../support/legacy-passwords.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { partner, signedIn, staff } from '../support/people.js';
import { MINUTE } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';

const world = new MailedPortal();
let desk: PortalClient;
beforeAll(async () => {
  desk = await staff(world.portal, 'serviceDesk');
});

const LEGACY = '/api/v1/legacy-accounts';
const FAILURES = '/api/v1/legacy-sync-failures';
const addressOf = (legacyUserId: string) => `${legacyUserId.toLowerCase()}@legacy.example`;
const lookUp = (legacyUserId: string, by = desk) => by.post(`${LEGACY}/lookups`, { legacyUserId });
const reset = (id: string, reason = 'Called and identified.') =>
  desk.post(`${LEGACY}/${id}/resets`, { reason });
const idOf = (legacyUserId: string) => world.portal.app.get(LegacyDirectory).idOf(legacyUserId);

async function known(legacyUserId: string, more: Parameters<typeof legacyAccount>[1] = {}): Promise<string> {
  await importLegacy(world.portal, legacyAccount(legacyUserId, { email: addressOf(legacyUserId), ...more }));
  return idOf(legacyUserId);
}

async function trader(name: string): Promise<PortalClient> {
  await partner(world.portal, `${name}@broker.example`);
  return signedIn(world.portal, `${name}@broker.example`);
}

async function guesses(client: PortalClient, legacyUserId: string, count: number): Promise<void> {
  for (let guess = 1; guess <= count; guess += 1) await sync(client, legacyUserId, `guess ${guess}`);
}

const linkTo = (legacyUserId: string) => world.portal.mailedToken(addressOf(legacyUserId), 'legacy-password');

describe('who forgot the legacy password', () => {
  it('Please contact the ACE Service Desk to request a password reset', async () => {
    await known('FORGOT');
    const ada = await trader('forgot');
    const refused = await sync(ada, 'FORGOT', 'what was it');
    expect(refused.body.nextSteps.join(' ')).toContain(
      'contact the ACE Service Desk to request a password reset',
    );
    const found = await lookUp('forgot');
    expect([found.status, found.body.maskedEmail]).toEqual([200, 'f•••@legacy.example']);
    const sent = await reset(found.body.legacyAccountId);
    expect(sent.status).toBe(202);
    expect((await setPassword(world.portal, await linkTo('FORGOT'))).status).toBe(200);
    expect((await sync(ada, 'FORGOT', NEW_PASSWORD)).status).toBe(201);
  });
});

describe('the ACE Service Desk', () => {
  it('sees of a legacy account what it needs to know its caller, and no address in full', async () => {
    const id = await known('SEEN');
    const ada = await trader('seen');
    await guesses(ada, 'SEEN', 2);
    const before = {
      legacyAccountId: id,
      legacyUserId: 'SEEN',
      status: 'Active',
      givenName: 'Ada',
      familyName: 'Okafor',
      company: 'Harbor Imports, Inc.',
      maskedEmail: 's•••@legacy.example',
      openReset: null,
      resetForwardedAt: null,
      asOf: '2026-01-15T12:00:00.000Z',
      synced: null,
      tradeAccounts: [{ type: 'Importer', number: '12-SEEN' }],
      failedSyncs: { inARow: 2, sinceLastSuccess: 2, shut: false, shutUntil: null },
    };
    expect((await lookUp('Seen')).body).toEqual(before);
    await guesses(ada, 'SEEN', 3);
    const shut = (await desk.get(`${LEGACY}/${id}`)).body;
    expect(shut.failedSyncs).toEqual({
      ...{ inARow: 0, sinceLastSuccess: 5, shut: true },
      shutUntil: '2026-01-15T12:15:00.000Z',
    });
    world.portal.clock.advance(15 * MINUTE);
    expect((await desk.get(`${LEGACY}/${id}`)).body.failedSyncs.shut).toBe(false);
    await sync(ada, 'SEEN', LEGACY_PASSWORD);
    const { accountId } = (await ada.get('/api/v1/me')).body;
    const after = (await desk.get(`${LEGACY}/${id}`)).body;
    expect([after.synced, after.failedSyncs.sinceLastSuccess]).toEqual([
      { accountId, at: '2026-01-15T12:15:00.000Z' },
      0,
    ]);
    expect(JSON.stringify(after)).not.toContain('seen@');
  });

  it('finds nobody where nobody is', async () => {
    for (const answer of [await lookUp('NOBODY-HERE'), await desk.get(`${LEGACY}/${idOf('NOBODY-HERE')}`)]) {
      expect([answer.status, answer.body.code]).toEqual([404, 'LegacyAccountUnknown']);
    }
    expect((await desk.get(`${LEGACY}/NOBODY-HERE`)).body.code).toBe('NotFound');
    expect((await reset(idOf('NOBODY-HERE'))).body.code).toBe('LegacyAccountUnknown');
    const other = await known('SOMEBODY-HERE');
    const mistaken = { reason: 'Called.', legacyUserId: 'NOBODY-HERE' };
    const mismatch = await desk.post(`${LEGACY}/${other}/resets`, mistaken);
    expect(mismatch.body.code).toBe('LegacyAccountUnknown');
  });

  it('leaves a trace of every look before it sees anything', async () => {
    const id = await known('TRACED');
    await lookUp('TRACED');
    await desk.get(`${LEGACY}/${id}`);
    await desk.get(FAILURES);
    const staffId = (await desk.get('/api/v1/me')).body.accountId;
    const stream = `access-${staffId}`;
    const records = await world.portal.app.get(EventStore).readStream(stream, 0, 1_000);
    const looks = records.slice(-3).map(({ type, data }) => [type, JSON.parse(data)]);
    expect(looks).toEqual([
      ['LegacyAccountChecked', { legacyAccountId: id }],
      ['LegacyAccountChecked', { legacyAccountId: id }],
      ['LegacySyncFailuresListed', { accounts: expect.any(Number) }],
    ]);
  });

  it('alone may: neither partners nor other members of staff', async () => {
    const id = await known('CLOSED-TO');
    const others = [await trader('closed-to'), await staff(world.portal, 'dutyOfficer')];
    others.push(await staff(world.portal, 'applicationTeam'), await staff(world.portal, 'specialist'));
    for (const other of others) {
      expect((await lookUp('CLOSED-TO', other)).status).toBe(403);
      expect((await other.get(`${LEGACY}/${id}`)).status).toBe(403);
      expect((await other.post(`${LEGACY}/${id}/resets`, { reason: 'Called.' })).status).toBe(403);
      expect((await other.get(FAILURES)).status).toBe(403);
    }
    expect((await desk.get('/api/v1/accounts?email=closed-to@broker.example')).status).toBe(403);
  });
});

describe('a reset that the ACE Service Desk sends', () => {
  it('goes to the address on file, and nowhere that the desk says', async () => {
    const id = await known('ON-FILE');
    for (const more of [
      { email: 'me@desk.example' },
      { password: NEW_PASSWORD },
      { password: NEW_PASSWORD, passwordAgain: NEW_PASSWORD },
    ]) {
      const refused = await desk.post(`${LEGACY}/${id}/resets`, { reason: 'Called.', ...more });
      expect(refused.status).toBe(422);
    }
    expect(await world.portal.mailTo(addressOf('ON-FILE'))).toEqual([]);
    expect((await reset(id)).body).toEqual({
      legacyAccountId: id,
      maskedEmail: 'o•••@legacy.example',
      openReset: {
        purpose: 'Reset',
        requestedAt: '2026-01-15T12:15:00.000Z',
        sentAt: null,
        expiresAt: null,
      },
      resetForwardedAt: null,
      nextSteps: [expect.stringContaining('address on file'), expect.any(String)],
    });
    expect(await world.portal.mailTo(addressOf('ON-FILE'))).toHaveLength(1);
    expect((await desk.get(`${LEGACY}/${id}`)).body.openReset).toEqual({
      purpose: 'Reset',
      requestedAt: '2026-01-15T12:15:00.000Z',
      sentAt: '2026-01-15T12:15:00.000Z',
      expiresAt: '2026-01-16T12:15:00.000Z',
    });
  });

  it('shows the desk no token and no password, at no address', async () => {
    const id = await known('UNSEEN');
    const answers = [await reset(id), await lookUp('UNSEEN'), await desk.get(`${LEGACY}/${id}`)];
    const token = await linkTo('UNSEEN');
    await setPassword(world.portal, token);
    answers.push(await desk.get(`${LEGACY}/${id}`), await desk.get(FAILURES));
    const told = answers.map(({ text, headers }) => text + JSON.stringify([...headers])).join('');
    for (const secret of [
      token,
      token.split('.')[2]!,
      NEW_PASSWORD,
      'PORTCULLIS}',
      '{SSHA',
      'unseen@legacy',
    ]) {
      expect(told).not.toContain(secret);
    }
  });

  it('lifts nothing: the door stays shut, and the old password stays good, until the user sets another', async () => {
    const id = await known('LIFTS');
    const ada = await trader('lifts');
    await guesses(ada, 'LIFTS', 5);
    await reset(id);
    expect((await desk.get(`${LEGACY}/${id}`)).body.failedSyncs.shut).toBe(true);
    expect((await sync(ada, 'LIFTS')).body.code).toBe('LegacySyncRefused');
    world.portal.clock.advance(15 * MINUTE);
    expect((await sync(ada, 'LIFTS')).status).toBe(201);
  });

  it('is refused for an account that is not active, and for one without an address', async () => {
    const inactive = await known('INACTIVE', { status: 'Inactive' });
    const owing = await known('OWING', { status: 'NotInGoodStanding' });
    for (const id of [inactive, owing]) {
      const refused = await reset(id);
      expect([refused.status, refused.body.code]).toEqual([409, 'LegacyAccountNotActive']);
    }
    const refused = await reset(await known('NO-MAIL', { email: 'unknown' }));
    expect([refused.status, refused.body.code]).toEqual([409, 'LegacyEmailMissing']);
    expect((await lookUp('NO-MAIL')).body.maskedEmail).toBe('•••');
  });

  it('needs a reason, which is kept sealed', async () => {
    const id = await known('REASONED');
    expect((await desk.post(`${LEGACY}/${id}/resets`, {})).body.errors[0].pointer).toBe('/reason');
    await reset(id, 'A canary told me.');
    const records = await world.portal.app.get(EventStore).readStream(`legacyAccount-${id}`, 0, 10);
    expect(records.map(({ type }) => type)).toContain('LegacyPasswordLinkRequested');
    expect(JSON.stringify(records)).not.toContain('canary');
  });

  it('while a sync is being compared has the password compared again, as it is then', async () => {
    const id = await known('COMPARED');
    await reset(id);
    const [, , linkId] = (await linkTo('COMPARED')).split('.');
    const { app } = world.portal;
    const secrets = app.get(LegacySecrets);
    const chosen = await secrets.hash(NEW_PASSWORD);
    const compare = secrets.verify.bind(secrets);
    // As another instance would do it, that stands in no row with this one.
    secrets.verify = async (hash, secret) => {
      secrets.verify = compare;
      const matches = await compare(hash, secret);
      const commandId = app.get(Ids).next();
      const actor = { kind: 'account', id: 'stranger', role: null } as const;
      const context = { commandId, actor, correlationId: commandId, causationId: commandId };
      const decision = resetLegacyPassword(linkId!, chosen, 'portal-8');
      await app.get(Streams).decide(legacyAccountDecider, id, decision, context);
      return matches;
    };
    expect((await sync(await trader('compared-old'), 'COMPARED', LEGACY_PASSWORD)).body.code).toBe(
      'LegacySyncRefused',
    );
    expect((await desk.get(`${LEGACY}/${id}`)).body.failedSyncs.sinceLastSuccess).toBe(1);
    expect((await sync(await trader('compared-new'), 'COMPARED', NEW_PASSWORD)).status).toBe(201);
  });
});

describe('failed syncs', () => {
  const mine = async (query = '?limit=200') => {
    await projected(world.portal);
    const { failures } = (await desk.get(`${FAILURES}${query}`)).body;
    return (failures as { legacyUserId: string }[]).filter(({ legacyUserId }) =>
      legacyUserId.startsWith('FAIL-'),
    );
  };

  it('are listed by account, the latest first, until a sync succeeds, the password is reset, or is another one', async () => {
    const ids = ['FAIL-1', 'FAIL-2', 'FAIL-3', 'FAIL-4'] as const;
    for (const legacyUserId of ids) await known(legacyUserId);
    const ada = await trader('fails');
    for (const [index, legacyUserId] of ids.entries()) {
      world.portal.clock.advance(MINUTE);
      await guesses(ada, legacyUserId, index + 1);
    }
    const listed = await mine();
    expect(listed.map(({ legacyUserId }) => legacyUserId)).toEqual([...ids].reverse());
    expect(listed[0]).toEqual({
      ...{ legacyAccountId: idOf('FAIL-4'), legacyUserId: 'FAIL-4', synced: false },
      ...{ inARow: 4, sinceLastSuccess: 4, shut: false, shutUntil: null },
      lastFailedAt: new Date(world.portal.clock.now()).toISOString(),
    });
    await known('FAIL-1', { passwordHash: ldapHash('another') });
    await sync(ada, 'FAIL-2');
    await reset(idOf('FAIL-3'));
    await setPassword(world.portal, await linkTo('FAIL-3'));
    expect((await mine()).map(({ legacyUserId }) => legacyUserId)).toEqual(['FAIL-4']);
  });

  it('come in pages', async () => {
    await projected(world.portal);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '?limit=1' : `?limit=1&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await desk.get(`${FAILURES}${query}`);
      seen.push(...body.failures.map(({ legacyAccountId }: { legacyAccountId: string }) => legacyAccountId));
      cursor = body.next;
    } while (cursor !== null);
    const all = (await desk.get(`${FAILURES}?limit=200`)).body.failures;
    expect(seen).toEqual(all.map(({ legacyAccountId }: { legacyAccountId: string }) => legacyAccountId));
    expect(new Set(seen).size).toBe(seen.length);
  });
});
