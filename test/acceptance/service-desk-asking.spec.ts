import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { importLegacy, legacyAccount } from '../support/legacy.js';
import { requestLink, setPassword } from '../support/legacy-passwords.js';
import { staff } from '../support/people.js';
import { MINUTE, Portal } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';

/** A legacy portal that takes every request for a reset. */
class ResettingPortal {
  readonly asked: unknown[] = [];
  status = 202;
  private readonly server: Server = createServer((request, response) => {
    void json(request).then((body) => {
      this.asked.push(body);
      response.writeHead(this.status).end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const LEGACY = '/api/v1/legacy-accounts';
let legacy: ResettingPortal;
let portal: Portal;
let desk: PortalClient;

async function opened(settings: (url: string) => Record<string, string>): Promise<void> {
  legacy = new ResettingPortal();
  portal = await Portal.open(settings(await legacy.start()));
  desk = await staff(portal, 'serviceDesk');
}
const withResets = (url: string) => ({ LEGACY_DIRECTORY_URL: url, LEGACY_RESET_URL: `${url}resets` });
const withoutResets = (url: string) => ({ LEGACY_DIRECTORY_URL: url });
afterEach(async () => {
  await portal.close();
  await legacy.stop();
});

const lookUp = async (legacyUserId: string) => (await desk.post(`${LEGACY}/lookups`, { legacyUserId })).body;
const reset = (id: string, legacyUserId?: string, headers = {}) =>
  desk.post(`${LEGACY}/${id}/resets`, { reason: 'Called.', ...(legacyUserId && { legacyUserId }) }, headers);

describe('where the legacy portal keeps the passwords', () => {
  it('it is asked for the reset, also of an account that is not known here', async () => {
    await opened(withResets);
    const { legacyAccountId, status } = await lookUp('FARAWAY');
    expect(status).toBe('NotKnownHere');
    expect((await reset(legacyAccountId)).body.code).toBe('LegacyAccountUnknown');
    const asked = await reset(legacyAccountId, 'FARAWAY');
    expect([asked.status, asked.body]).toEqual([
      202,
      {
        ...{ legacyAccountId, maskedEmail: null, openReset: null },
        resetForwardedAt: '2026-01-15T12:00:00.000Z',
        nextSteps: [expect.stringContaining('The legacy portal was asked')],
      },
    ]);
    expect(legacy.asked).toEqual([{ legacyUserId: 'FARAWAY' }]);
    expect((await lookUp('FARAWAY')).resetForwardedAt).toBe('2026-01-15T12:00:00.000Z');
  });

  it('an account that is known needs no user id, and is mailed nothing from here', async () => {
    await opened(withResets);
    await importLegacy(portal, legacyAccount('KNOWN'));
    const { legacyAccountId } = await lookUp('KNOWN');
    legacy.status = 204;
    expect((await reset(legacyAccountId)).status).toBe(202);
    expect(legacy.asked).toEqual([{ legacyUserId: 'KNOWN' }]);
    expect(await portal.mailTo('ada@legacy.example')).toEqual([]);
  });

  it('asking again within five minutes changes nothing, nor does the same request', async () => {
    await opened(withResets);
    const { legacyAccountId } = await lookUp('TWICE');
    const key = { 'idempotency-key': 'twice-1' };
    for (let time = 1; time <= 2; time += 1) await reset(legacyAccountId, 'TWICE', key);
    expect((await reset(legacyAccountId, 'TWICE')).status).toBe(202);
    expect(legacy.asked).toHaveLength(1);
    portal.clock.advance(5 * MINUTE);
    await reset(legacyAccountId, 'TWICE', key);
    expect(legacy.asked).toHaveLength(1);
    await reset(legacyAccountId, 'TWICE');
    expect(legacy.asked).toHaveLength(2);
  });

  it('it being away, or answering otherwise, is told, and nothing is recorded', async () => {
    await opened(withResets);
    const { legacyAccountId } = await lookUp('AWAY');
    for (legacy.status of [503, 200, 404]) {
      const away = await reset(legacyAccountId, 'AWAY');
      expect([away.status, away.body.code]).toEqual([503, 'LegacyPortalAway']);
    }
    expect((await lookUp('AWAY')).resetForwardedAt).toBeNull();
  });

  it('without an address for resets they are refused, with who can change that', async () => {
    await opened(withoutResets);
    const { legacyAccountId } = await lookUp('ELSEWHERE');
    const refused = await reset(legacyAccountId, 'ELSEWHERE');
    expect([refused.status, refused.body.code]).toEqual([409, 'LegacyResetElsewhere']);
    expect(refused.body.nextSteps.join(' ')).toContain('LEGACY_RESET_URL');
    expect(legacy.asked).toEqual([]);
  });

  it('a link that was mailed before sets no password here any more', async () => {
    await opened(withResets);
    await importLegacy(portal, legacyAccount('BEFORE', { email: 'before@legacy.example' }));
    await requestLink(portal, 'BEFORE');
    const token = await portal.mailedToken('before@legacy.example', 'legacy-password');
    expect((await setPassword(portal, token)).body.code).toBe('LegacyLinkDead');
    expect(portal.app.get(LegacyDirectory).idOf('BEFORE')).toBe(token.split('.')[1]);
  });
});
