import { Browser } from '../support/browser.js';
import { HandoffRoom } from '../support/handoff-room.js';
import { importLegacy, LEGACY_PASSWORD, legacyAccount } from '../support/legacy.js';
import { lockOut, partner, PASSWORD } from '../support/people.js';
import { MINUTE } from '../support/portal.js';

let room: HandoffRoom;
beforeAll(async () => {
  room = await HandoffRoom.open();
});
afterAll(() => room.close());

const USER_NAME = 'User name (your contact e-mail address)';
const BUTTON = 'Legacy ACE Portal';
const CONTINUE = 'Continue to the Legacy ACE Portal';
const legacyLogin = (legacyUserId: string) => ({
  'Legacy User Id': legacyUserId,
  'Legacy Password': LEGACY_PASSWORD,
});

const browser = () => new Browser(room.portal.url);
const signIn = (at: Browser, email: string) =>
  at.submit('Submit', { [USER_NAME]: email, Password: PASSWORD });

async function unsynced(legacyUserId: string): Promise<string> {
  await importLegacy(room.portal, legacyAccount(legacyUserId));
  const email = `${legacyUserId.toLowerCase()}@screen.example`;
  await partner(room.portal, email);
  return email;
}

/** Signed in, synced, and at the References tab. */
async function atReferences(legacyUserId: string): Promise<Browser> {
  const at = await signIn(await browser().open('/sign-in'), await unsynced(legacyUserId));
  await at.submit('Sync', legacyLogin(legacyUserId));
  return at.click('References');
}

describe('ACE Portal Modernization FAQs, on the screen:', () => {
  it('From the modernized ACE Portal, navigate to the “References” tab and click the “Legacy ACE Portal” button.', async () => {
    const at = await atReferences('TAB01');
    expect([at.path, at.text]).toEqual([
      '/account/references',
      expect.stringContaining('January 2023 (tentative)'),
    ]);
    await at.submit(BUTTON);
    await at.submit(CONTINUE);
    expect([at.path, at.status]).toEqual([`${room.legacy.url}/`, 200]);
  });

  it('When going back to legacy, they will not need to re-login.', async () => {
    const at = await atReferences('NOLOGIN01');
    await (await at.submit(BUTTON)).submit(CONTINUE);
    expect(at.text).toContain('welcome NOLOGIN01');
  });

  it('When prompted to Sync Accounts: Enter Legacy User Id, Enter Legacy Password, Click Sync', async () => {
    const at = await signIn(await browser().open('/sign-in'), await unsynced('SYNC01'));
    expect([at.path, at.blocks]).toEqual(['/sync', ['Legacy User Id', 'Legacy Password']]);
    await at.submit('Sync', { ...legacyLogin('SYNC01'), 'Legacy Password': 'wrong' });
    expect([at.status, at.text]).toEqual([422, expect.stringContaining('do not match')]);
    expect(at.html).not.toContain('wrong"');
    await at.submit('Sync', legacyLogin('SYNC01'));
    expect(at.path).toBe('/account');
  });

  it('The user should now be logged into the Modernized Portal, and their accounts synced', async () => {
    const at = await signIn(await browser().open('/sign-in'), await unsynced('DONE01'));
    await at.submit('Sync', legacyLogin('DONE01'));
    expect(at.text).toContain('Synced with your legacy account DONE01');
    expect(at.text).not.toContain('Sync Accounts');
    expect((await at.open('/sync')).path).toBe('/account');
  });

  it('The legacy portal (ace.cbp.dhs.gov) will be redirected to the modernized portal where users who have not yet synced their accounts must do so.', async () => {
    const email = await unsynced('REDIRECT01');
    const at = await browser().arrive('/legacy');
    expect([at.path, at.text]).toEqual([
      '/sign-in?from=legacy',
      expect.stringContaining('only way to log in'),
    ]);
    await signIn(at, email);
    expect(at.path).toBe('/sync?from=legacy');
    // They have a legacy account, and there is no way around.
    expect(at.html).not.toContain('I have no legacy ACE Portal account');
    await at.submit('Sync', legacyLogin('REDIRECT01'));
    expect(at.path).toBe('/hand-off');
    await (await at.submit(BUTTON)).submit(CONTINUE);
    expect(at.text).toContain('welcome REDIRECT01');
  });

  it('The legacy portal (ace.cbp.dhs.gov) will be redirected to the modernized portal', async () => {
    // Its web server sends everybody to this address, where a page of our own leads on.
    const arrival = await fetch(`${room.portal.url}/legacy`);
    expect([arrival.status, arrival.headers.get('refresh')]).toEqual([200, '0; url=/welcome?from=legacy']);
    const at = await browser().arrive('/legacy');
    expect([at.path, at.blocks]).toEqual(['/sign-in?from=legacy', [USER_NAME, 'Password']]);
  });

  it('The modernized portal will be the only way to log in, but users will have the ability to go back to legacy if they please.', async () => {
    const at = await atReferences('PLEASE01');
    // Sent on by the legacy portal while signed in here: nobody has to sign in twice.
    await at.arrive('/legacy');
    expect(at.path).toBe('/hand-off');
    expect((await at.click('Your account')).path).toBe('/account');
  });
});

describe('the way to the legacy portal', () => {
  it('keeps the tab open to a wrong password, and does not forget where one came from', async () => {
    const email = await unsynced('WRONG01');
    const at = await browser().arrive('/legacy');
    await at.submit('Submit', { [USER_NAME]: email, Password: 'not the password' });
    expect(at.status).toBe(401);
    expect((await signIn(at, email)).path).toBe('/sync?from=legacy');
  });

  it('asks unsynced accounts to sync first, whatever page they ask for', async () => {
    const at = await signIn(await browser().open('/sign-in'), await unsynced('FIRST01'));
    await at.open('/account/references');
    await at.submit(BUTTON);
    expect(at.path).toBe('/sync?from=legacy');
    expect((await at.open('/hand-off')).path).toBe('/sync?from=legacy');
  });

  it('puts the ticket into a form that can go to the legacy portal alone, and into no address', async () => {
    const at = await atReferences('TICKET01');
    await at.submit(BUTTON);
    expect(at.path).toBe('/hand-off');
    const [, ticket] = /name="ticket" value="([^"]+)"/.exec(at.html)!;
    expect(ticket!.split('.')).toHaveLength(3);
    expect(at.html).not.toContain('<script');
    expect(at.headers.get('content-security-policy')).toBe(
      `default-src 'none';style-src 'self';form-action ${room.legacy.url};frame-ancestors 'none';base-uri 'none'`,
    );
    expect(at.headers.get('referrer-policy')).toBe('no-referrer');
    expect(at.headers.get('cache-control')).toBe('no-store');
    expect([...at.headers.values()].join()).not.toContain(ticket);
  });

  it('is one way only: the ticket again, or after a minute, lets nobody in', async () => {
    const at = await atReferences('ONCE01');
    await at.submit(BUTTON);
    const { html } = at;
    await at.submit(CONTINUE);
    at.html = html;
    expect((await at.submit(CONTINUE)).status).toBe(403);
    await (await at.open('/account/references')).submit(BUTTON);
    room.portal.clock.advance(MINUTE);
    expect((await at.submit(CONTINUE)).text).toContain('Not let in');
  });

  it('is shut while the account is locked', async () => {
    const at = await atReferences('SHUT01');
    await lockOut(room.portal, 'shut01@screen.example');
    await at.submit(BUTTON);
    expect(at.path).toBe('/sign-in');
  });

  it.each(['/account/references', '/hand-off', '/sync', '/welcome'])(
    'asks strangers at %s to sign in',
    async (path) => {
      expect((await browser().open(path)).path).toMatch(/^\/sign-in/);
    },
  );

  it('refuses forms that another page made up', async () => {
    const at = await atReferences('FORGED01');
    at.html = at.html.replace(/name="csrf" value="[^"]*"/, 'name="csrf" value="guess"');
    await at.submit(BUTTON);
    expect([at.status, at.text]).toEqual([403, expect.stringContaining('did not come from the portal')]);
  });
});
