import { importLegacy, legacyAccount, ldapHash, LEGACY_PASSWORD, sync } from '../support/legacy.js';
import { NEW_PASSWORD, requestLink, SET, setPassword } from '../support/legacy-passwords.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { partner, signedIn } from '../support/people.js';
import { DAY, HOUR, MINUTE } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';

const world = new MailedPortal();
const addressOf = (legacyUserId: string) => `${legacyUserId.toLowerCase()}@legacy.example`;

async function known(legacyUserId: string, more: Parameters<typeof legacyAccount>[1] = {}) {
  await importLegacy(world.portal, legacyAccount(legacyUserId, { email: addressOf(legacyUserId), ...more }));
}

/** The token of the link in the newest mail, after one was asked for. */
async function mailed(legacyUserId: string, purpose: 'Reset' | 'SetUp' = 'Reset'): Promise<string> {
  await requestLink(world.portal, legacyUserId, purpose);
  return world.portal.mailedToken(addressOf(legacyUserId), 'legacy-password');
}

async function trader(name: string): Promise<PortalClient> {
  await partner(world.portal, `${name}@broker.example`);
  return signedIn(world.portal, `${name}@broker.example`);
}

describe('a mailed link to set a legacy password', () => {
  it('goes to the address on file, says who asked and what to do if it was not you, and names no user id', async () => {
    await known('WRITTEN');
    await mailed('WRITTEN');
    const [mail, ...more] = await world.portal.mailTo(addressOf('WRITTEN'));
    expect(more).toEqual([]);
    expect(mail!.subject).toBe('ACE Portal: set a new password for your legacy account');
    expect(mail!.text).toContain('the ACE Service Desk was asked for a password reset');
    expect(mail!.text).toContain('If it was not you, ignore this mail: your password has not changed.');
    expect(mail!.text).toContain('The link works once, for 24 hours');
    expect(mail!.text).not.toContain('WRITTEN');
  });

  it('is a page that spends nothing, and sets the password by its form', async () => {
    await known('SCREEN');
    const token = await mailed('SCREEN');
    const page = `${world.portal.url}/legacy-password`;
    for (let look = 1; look <= 2; look += 1) {
      const html = await (await fetch(`${page}?token=${token}`)).text();
      expect(html).toContain('Set your legacy ACE Portal password');
      expect(html).toContain('Password requirements:');
    }
    const body = new URLSearchParams({ token, password: NEW_PASSWORD, passwordAgain: NEW_PASSWORD });
    const headers = { origin: 'https://portal.example' };
    const answer = await fetch(page, { method: 'POST', body, headers, redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?notice=legacy-password']);
    expect((await sync(await trader('screen'), 'SCREEN', NEW_PASSWORD)).status).toBe(201);
  });

  it('sets the password that syncs from then on, in whatever spelling; the user is told', async () => {
    await known('CHOSEN');
    const chosen = 'Grüße-Anchor-63';
    expect((await setPassword(world.portal, await mailed('CHOSEN'), chosen)).status).toBe(200);
    const ada = await trader('chosen');
    expect((await sync(ada, 'CHOSEN')).body.code).toBe('LegacySyncRefused');
    expect((await sync(ada, 'CHOSEN', chosen.normalize('NFD'))).status).toBe(201);
    const notice = (await world.portal.mailTo(addressOf('CHOSEN'))).at(-1)!;
    expect(notice.subject).toBe('ACE Portal: the password of your legacy account was set');
    expect(notice.text).toContain('contact the ACE Service Desk');
  });

  it('keeps today’s rules for passwords, and is not spent by one that does not', async () => {
    await known('RULES');
    const token = await mailed('RULES');
    for (const password of ['short', 'password1', addressOf('RULES'), 'rules']) {
      const refused = await setPassword(world.portal, token, password);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/password']);
    }
    const twice = { token, password: NEW_PASSWORD, passwordAgain: 'Copper-Anchor-64' };
    const refused = await world.portal.client().post(SET, twice);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/passwordAgain']);
    expect((await setPassword(world.portal, token)).status).toBe(200);
  });

  it('works once: of 64 uses at once, one', async () => {
    await known('RACE');
    const token = await mailed('RACE');
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => setPassword(world.portal, token, `Copper-Anchor-${index}-63`)),
    );
    const winners = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    expect(winners).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(new Set(losers.map(({ body }) => body.code))).toEqual(new Set(['LegacyLinkDead']));
    expect((await sync(await trader('race'), 'RACE', `Copper-Anchor-${winners[0]}-63`)).status).toBe(201);
  });

  it('answers the same request again as the first time', async () => {
    await known('REPEAT');
    const token = await mailed('REPEAT');
    const key = { 'idempotency-key': 'repeat-1' };
    expect((await setPassword(world.portal, token, NEW_PASSWORD, key)).status).toBe(200);
    expect((await setPassword(world.portal, token, NEW_PASSWORD, key)).status).toBe(200);
    expect((await setPassword(world.portal, token)).body.code).toBe('LegacyLinkDead');
  });

  it('is one link for as long as it lives: asking again within minutes sends nothing, later the same', async () => {
    await known('AGAIN');
    const token = await mailed('AGAIN');
    expect(await mailed('AGAIN')).toBe(token);
    expect(await world.portal.mailTo(addressOf('AGAIN'))).toHaveLength(1);
    world.portal.clock.advance(5 * MINUTE);
    expect(await mailed('AGAIN')).toBe(token);
    expect(await world.portal.mailTo(addressOf('AGAIN'))).toHaveLength(2);
  });

  it('is dead a day after it was sent', async () => {
    await known('LATE');
    const token = await mailed('LATE');
    world.portal.clock.advance(DAY - HOUR);
    expect((await setPassword(world.portal, token, 'short')).status).toBe(422);
    world.portal.clock.advance(HOUR);
    const dead = await setPassword(world.portal, token);
    expect([dead.status, dead.body.code]).toEqual([410, 'LegacyLinkDead']);
    expect(dead.body.nextSteps[0]).toBe('Please contact the ACE Service Desk to request a password reset.');
    expect(await mailed('LATE')).not.toBe(token);
  });

  it('dies when the directory has another password, or the account is no longer active', async () => {
    for (const [id, change] of [
      ['MOVED', { passwordHash: ldapHash('another') }],
      ['CLOSED', { status: 'Inactive' }],
    ] as const) {
      await known(id);
      const token = await mailed(id);
      await known(id, change);
      expect((await setPassword(world.portal, token)).body.code).toBe('LegacyLinkDead');
    }
  });

  it('opens the door that wrong passwords have shut', async () => {
    await known('SHUTDOOR');
    const token = await mailed('SHUTDOOR');
    const ada = await trader('shut-door');
    for (let guess = 1; guess <= 5; guess += 1) await sync(ada, 'SHUTDOOR', `guess ${guess}`);
    expect((await sync(ada, 'SHUTDOOR', LEGACY_PASSWORD)).status).toBe(422);
    expect((await setPassword(world.portal, token)).status).toBe(200);
    expect((await sync(ada, 'SHUTDOOR', NEW_PASSWORD)).status).toBe(201);
  });

  it('opens nothing else: other links do not set a legacy password, and this one resets no account', async () => {
    await known('PURPOSE');
    const token = await mailed('PURPOSE');
    await partner(world.portal, 'purpose@broker.example');
    await world.portal.client().post('/api/v1/password-reset-requests', { email: 'purpose@broker.example' });
    const reset = await world.portal.mailedToken('purpose@broker.example', 'reset');
    expect((await setPassword(world.portal, reset)).body.code).toBe('LegacyLinkDead');
    const questions = await world.portal.client().post('/api/v1/password-resets/questions', { token });
    expect(questions.body.code).toBe('LinkDead');
  });

  it('sets up the first password of a new user, in words of its own', async () => {
    await known('SETUP');
    const token = await mailed('SETUP', 'SetUp');
    const [mail] = await world.portal.mailTo(addressOf('SETUP'));
    expect(mail!.text).toContain('created an individual legacy ACE Portal user account for you');
    expect((await setPassword(world.portal, token)).status).toBe(200);
  });
});
