import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { base64url, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { HandoffRoom } from '../support/handoff-room.js';
import { CLIENT_ID } from '../support/legacy-portal.js';
import { MINUTE } from '../support/portal.js';
import type { PortalClient } from '../support/portal-client.js';

const ENDPOINT = 'https://portal.example/api/v1/legacy-handoffs/redemptions';
const rsa = await generateKeyPair('RS256');
const ec = await generateKeyPair('ES256');

let room: HandoffRoom;
let client: PortalClient;
beforeAll(async () => {
  room = await HandoffRoom.open();
  ({ client } = await room.synced('PROOF01'));
});
afterAll(() => room.close());
// Tickets of the test before are dead by then.
beforeEach(() => room.portal.clock.advance(MINUTE));

const now = () => Math.floor(room.portal.clock.now() / 1000);
const claims = () => ({
  ...{
    iss: CLIENT_ID,
    sub: CLIENT_ID,
    aud: ENDPOINT,
    jti: `j-${Math.random()}`,
    iat: now(),
    exp: now() + 60,
  },
});
const encoded = (value: object) => base64url.encode(JSON.stringify(value));

/** Refused in the words for all clients, without using the ticket up. */
async function expectRefused(assertion: string): Promise<void> {
  const ticket = await room.ticket(client);
  const refused = await room.redeem(ticket, assertion);
  expect([refused.status, refused.body.code]).toEqual([401, 'ClientRefused']);
  const usual = await room.redeem(ticket, 'a.b.c');
  expect(refused.text).toBe(usual.text);
  expect((await room.redeem(ticket)).status).toBe(200);
}

describe('the legacy portal proves itself', () => {
  it.each(['https://portal.example', ENDPOINT])('to the audience %s', async (aud) => {
    const ticket = await room.ticket(client);
    expect((await room.redeem(ticket, await room.legacy.assertion({ aud }))).status).toBe(200);
  });

  it('with a clock that differs by some seconds, for up to five minutes', async () => {
    const late = { iat: now() + 9, exp: now() + 309 };
    const ticket = await room.ticket(client);
    expect((await room.redeem(ticket, await room.legacy.assertion(late))).status).toBe(200);
  });

  it('once with each proof', async () => {
    const assertion = await room.legacy.assertion();
    const [first, second] = [await room.ticket(client), await room.ticket(client)];
    expect((await room.redeem(first, assertion)).status).toBe(200);
    const again = await room.redeem(second, assertion);
    expect([again.status, again.body.code]).toEqual([401, 'ClientRefused']);
  });
});

describe('what does not prove it', () => {
  it.each([
    ['another issuer', { iss: 'somebody' }],
    ['another subject', { sub: 'somebody' }],
    ['no issuer', { iss: undefined }],
    ['no subject', { sub: undefined }],
    ['another audience', { aud: 'https://other.example' }],
    ['an audience that only begins like ours', { aud: 'https://portal.example.evil.example' }],
    ['no audience', { aud: undefined }],
    ['the audience of tickets', { aud: CLIENT_ID }],
    ['no expiry', { exp: undefined }],
    ['no id', { jti: undefined }],
    ['an empty id', { jti: '' }],
    ['an id that is no text', { jti: 7 as never }],
    ['an id without bounds', { jti: 'j'.repeat(201) }],
  ])('%s', async (_, wrong) => {
    await expectRefused(await room.legacy.assertion(wrong));
  });

  it('one that expired', async () => {
    await expectRefused(await room.legacy.assertion({ iat: now() - 120, exp: now() - 11 }));
  });

  it('one that was not issued yet, or is not good yet', async () => {
    await expectRefused(await room.legacy.assertion({ iat: now() + 12 }));
    await expectRefused(await room.legacy.assertion({ nbf: now() + 12 }));
  });

  it('one that lives longer than five minutes', async () => {
    await expectRefused(await room.legacy.assertion({ exp: now() + 312 }));
    await expectRefused(await room.legacy.assertion({ exp: 1e300 }));
  });

  it('one that nobody signed', async () => {
    await expectRefused(new UnsecuredJWT(claims()).encode());
    const [, payload, signature] = (await room.legacy.assertion()).split('.');
    for (const alg of ['none', 'None', 'NONE', '']) {
      await expectRefused(`${encoded({ alg, kid: 'legacy-1' })}.${payload}.`);
      await expectRefused(`${encoded({ alg, kid: 'legacy-1' })}.${payload}.${signature}`);
    }
  });

  it('one that was altered', async () => {
    const [header, , signature] = (await room.legacy.assertion()).split('.');
    await expectRefused(`${header}.${encoded(claims())}.${signature}`);
    await expectRefused(`${header}.${encoded(claims())}.`);
    await expectRefused('..');
    await expectRefused('.');
  });

  it('the public key, taken for a shared secret', async () => {
    const publicKey = await importJWK(room.legacy.keySet.keys[0]!, 'EdDSA', { extractable: true });
    const pem = await exportSPKI(publicKey as never);
    const raw = base64url.decode(room.legacy.keySet.keys[0]!.x!);
    for (const secret of [pem, pem.trim(), raw, JSON.stringify(room.legacy.keySet.keys[0])]) {
      const text = `${encoded({ alg: 'HS256', kid: 'legacy-1' })}.${encoded(claims())}`;
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      await expectRefused(`${text}.${signature}`);
    }
  });

  it('another key, whatever it calls itself', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const headers = [
      { alg: 'EdDSA', kid: 'legacy-1' },
      { alg: 'EdDSA' },
      { alg: 'EdDSA', kid: 'legacy-2' },
      { alg: 'EdDSA', kid: '../../dev/null' },
      { alg: 'EdDSA', kid: "' OR 1=1 --" },
      { alg: 'EdDSA', kid: '__proto__' },
      { alg: 'EdDSA', kid: 'x'.repeat(2_000) },
    ];
    for (const header of headers) {
      await expectRefused(await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey));
    }
  });

  it('a key of another kind under the name of ours', async () => {
    for (const [alg, key] of [
      ['RS256', rsa.privateKey],
      ['ES256', ec.privateKey],
    ] as const) {
      await expectRefused(await new SignJWT(claims()).setProtectedHeader({ alg, kid: 'legacy-1' }).sign(key));
    }
  });

  it('a key that comes along in the header, or is to be fetched', async () => {
    const own = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const jwk = await exportJWK(own.publicKey);
    const more = [
      { jwk },
      { jku: `${room.legacy.url}/keys` },
      { x5u: `${room.legacy.url}/keys` },
      { x5c: ['MIIB'] },
    ];
    for (const header of more) {
      const token = new SignJWT(claims()).setProtectedHeader({ alg: 'EdDSA', kid: 'legacy-1', ...header });
      await expectRefused(await token.sign(own.privateKey));
    }
  });

  it('a key name that is no text, and an extension that we do not know', async () => {
    await expectRefused(await signedRaw({ alg: 'EdDSA', kid: 7 }));
    await expectRefused(await signedRaw({ alg: 'EdDSA', kid: ['legacy-1'] }));
    await expectRefused(await signedRaw({ alg: 'EdDSA', kid: 'legacy-1', crit: ['b64'], b64: false }));
    await expectRefused(await signedRaw({ alg: 'EdDSA', kid: 'legacy-1', crit: ['exp'] }));
    await expectRefused(await signedRaw({ alg: 'HS256', kid: 'legacy-1' }));
  });

  it('our own signature: a ticket is no proof', async () => {
    await expectRefused(await room.ticket(client));
  });

  it('a key set that has several keys, and none of them named', async () => {
    const pair = (): { publicKey: KeyObject } => generateKeyPairSync('ed25519');
    const keys = [
      room.legacy.keySet.keys[0]!,
      { ...pair().publicKey.export({ format: 'jwk' }), kid: 'legacy-2' },
    ];
    const several = await HandoffRoom.open({ LEGACY_PORTAL_JWKS: JSON.stringify({ keys }) });
    try {
      const other = await several.synced('SEVERAL01');
      const ticket = await several.ticket(other.client);
      const theirs = several.legacy.key;
      // The room's own key is not in this set, and neither does a nameless proof open anything.
      const nameless = await new SignJWT(claims()).setProtectedHeader({ alg: 'EdDSA' }).sign(theirs);
      expect((await several.redeem(ticket, nameless)).status).toBe(401);
    } finally {
      await several.close();
    }
  });
});

/** With the right key, and whatever header: as a careless library might sign. */
async function signedRaw(header: object): Promise<string> {
  const text = `${encoded(header)}.${encoded(claims())}`;
  const signature = await crypto.subtle.sign('Ed25519', room.legacy.key, Buffer.from(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}
