import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStore } from '../../src/ports.js';
import type { Answer } from '../support/portal-client.js';
import {
  ANOTHER_PASSWORD,
  lockOut,
  newPassword,
  partner,
  PASSWORD,
  registration,
  resetLink,
  signedIn,
  staff,
} from '../support/people.js';
import { Portal } from '../support/portal.js';

const key = (name: string) => ({ 'idempotency-key': name });
const codeOf = ({ status, body }: Answer) => `${status} ${body?.code ?? ''}`.trim();

/** What an answer says, less what is sealed anew each time. */
const told = ({ status, text, headers }: Answer) => ({ status, text, etag: headers.get('etag') });

async function typesSince(portal: Portal, head: string | null): Promise<string[]> {
  const events = await portal.app.get(EventStore).readLog(head, 1_000);
  return events.map(({ type }) => type).filter((type) => !['NoticeSent', 'ResetLinkSent'].includes(type));
}

describe('the same request under one Idempotency-Key', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await Portal.open();
  });
  afterAll(() => portal.close());

  it('has one effect and one answer, however often and however parallel it comes', async () => {
    const id = await partner(portal, 'locked@broker.example');
    await lockOut(portal, 'locked@broker.example');
    const officer = await staff(portal, 'specialist');
    await portal.settled();
    const head = await portal.app.get(EventStore).head();
    const unlock = () =>
      officer.post(`/api/v1/accounts/${id}/unlocks`, { reason: 'Identified.' }, key('unlock'));
    const first = await Promise.all(Array.from({ length: 20 }, unlock));
    expect(first[0]!.status).toBe(201);
    for (const answer of first) expect(told(answer)).toEqual(told(first[0]!));
    await officer.post(`/api/v1/accounts/${id}/suspensions`, { reason: 'Under review.' });
    expect(told(await unlock())).toEqual(told(first[0]!));
    expect(await typesSince(portal, head)).toEqual(['AccountUnlocked', 'AccountSuspended']);
  });

  it('makes one account of twenty registrations', async () => {
    const head = await portal.app.get(EventStore).head();
    const register = () =>
      portal.client().post('/api/v1/registrations', registration('twenty@broker.example'), key('twenty'));
    const all = await Promise.all(Array.from({ length: 20 }, register));
    expect(new Set(all.map(codeOf))).toEqual(new Set(['202']));
    const types = (await typesSince(portal, head)).filter((type) => type !== 'EmailClaimed');
    expect(types).toEqual(['AccountRegistered']);
    expect(await portal.mailsTo('twenty@broker.example')).toHaveLength(1);
  });

  it('spends a reset link once, and says so again', async () => {
    await partner(portal, 'reset@broker.example');
    const token = await resetLink(portal, 'reset@broker.example');
    const reset = () => portal.client().post('/api/v1/password-resets', newPassword(token), key('reset'));
    const [first, ...others] = await Promise.all([reset(), reset(), reset()]);
    expect(first!.status).toBe(200);
    for (const other of others) expect(told(other)).toEqual(told(first!));
    expect(told(await reset())).toEqual(told(first!));
    // Without the key it is another request, for a link that is spent.
    expect((await portal.client().post('/api/v1/password-resets', newPassword(token))).status).toBe(410);
  });

  it('changes a password once, by its owner', async () => {
    await partner(portal, 'owner@broker.example');
    const ada = await signedIn(portal, 'owner@broker.example');
    await portal.settled();
    const head = await portal.app.get(EventStore).head();
    const passwords = { password: ANOTHER_PASSWORD, passwordAgain: ANOTHER_PASSWORD };
    const change = () => ada.post('/api/v1/me/password-changes', passwords, key('change'));
    expect((await Promise.all([change(), change(), change()])).map(codeOf)).toEqual(['204', '204', '204']);
    expect(await typesSince(portal, head)).toEqual(['PasswordChanged']);
  });

  it('does not show the token of a session twice', async () => {
    await partner(portal, 'token@broker.example');
    const signIn = (password: string) =>
      portal.client().post('/api/v1/sessions', { email: 'token@broker.example', password }, key('sign-in'));
    expect((await signIn(PASSWORD)).status).toBe(201);
    const again = await signIn(PASSWORD);
    expect(codeOf(again)).toBe('409 AnswerNotKept');
    expect(again.body).not.toHaveProperty('token');
  });

  it('counts one guess, and answers the next under the same key as that one', async () => {
    await partner(portal, 'guess@broker.example');
    const head = await portal.app.get(EventStore).head();
    const guess = (password: string) =>
      portal.client().post('/api/v1/sessions', { email: 'guess@broker.example', password }, key('guess'));
    const wrong = await guess('wrong');
    // The password is no part of the request's fingerprint: a second try under the same key learns nothing.
    expect(told(await guess(PASSWORD))).toEqual(told(wrong));
    expect(await typesSince(portal, head)).toEqual(['LoginFailed']);
  });

  it('is another one for somebody else', async () => {
    await partner(portal, 'one@broker.example');
    await partner(portal, 'two@broker.example');
    for (const email of ['one@broker.example', 'two@broker.example']) {
      const client = await signedIn(portal, email);
      const asked = await client.post(
        '/api/v1/me/contact-email-changes',
        { email: `new-${email}` },
        key('same'),
      );
      expect(asked.status).toBe(202);
      expect((await client.get('/api/v1/me')).body.pendingContactEmail.email).toBe(`new-${email}`);
    }
  });
});

describe('another request under the same Idempotency-Key', () => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await Portal.open();
  });
  afterAll(() => portal.close());

  const refused = '422 IdempotencyKeyReused';

  it('is refused to strangers, whoever the addresses belong to', async () => {
    await partner(portal, 'known@broker.example');
    const emails = ['known@broker.example', 'free@broker.example', 'other@broker.example'];
    for (const path of ['/api/v1/password-reset-requests', '/api/v1/registrations']) {
      const body = (email: string) => (path.endsWith('registrations') ? registration(email) : { email });
      for (const first of emails) {
        for (const second of emails.filter((email) => email !== first)) {
          const own = key(`${path} ${first} ${second}`.replaceAll(' ', '/'));
          expect((await portal.client().post(path, body(first), own)).status).toBe(202);
          const head = await portal.app.get(EventStore).head();
          const answer = await portal.client().post(path, body(second), own);
          expect(codeOf(answer)).toBe(refused);
          expect(answer.body.errors[0].pointer).toBe('#/headers/Idempotency-Key');
          expect(await typesSince(portal, head)).toEqual([]);
        }
      }
    }
  });

  it('is refused also while the first is under way', async () => {
    const send = (email: string) =>
      portal.client().post('/api/v1/registrations', registration(email), key('at-once'));
    const both = await Promise.all([send('first@broker.example'), send('second@broker.example')]);
    expect(both.map(codeOf).sort()).toEqual(['202', refused]);
  });

  it('is refused for another link', async () => {
    await partner(portal, 'links@broker.example');
    const token = await resetLink(portal, 'links@broker.example');
    const ask = (sent: string) =>
      portal.client().post('/api/v1/password-resets', newPassword(sent), key('one-link'));
    expect((await ask(token)).status).toBe(200);
    expect(codeOf(await ask(`${token}x`))).toBe(refused);
  });

  it('is refused to officers', async () => {
    const id = await partner(portal, 'suspended@broker.example');
    const officer = await staff(portal, 'specialist');
    const suspend = (reason: string) =>
      officer.post(`/api/v1/accounts/${id}/suspensions`, { reason }, key('suspend'));
    expect((await suspend('One reason.')).status).toBe(201);
    expect(codeOf(await suspend('Another reason.'))).toBe(refused);
    expect((await suspend('One reason.')).status).toBe(201);
  });

  it('is welcome after the first was refused for its input', async () => {
    const send = (body: object) => portal.client().post('/api/v1/registrations', body, key('corrected'));
    const mistaken = { ...registration('corrected@broker.example'), passwordAgain: 'x' };
    expect((await send(mistaken)).status).toBe(422);
    expect((await send(registration('corrected@broker.example'))).status).toBe(202);
    expect((await send({ ...registration('corrected@broker.example'), givenName: 'Eve' })).status).toBe(422);
  });
});

describe('after a restart', () => {
  const built = (path: string) => new URL(`../../dist/${path}`, import.meta.url);
  const urls = {
    logWriter: built('adapters/embedded/log-writer.js'),
    keyWriter: built('adapters/embedded/key-writer.js'),
    projections: built('embedded-projection-worker.js'),
  };
  const dataDir = mkdtempSync(join(tmpdir(), 'portcullis-'));
  afterAll(() => rmSync(dataDir, { recursive: true }));
  const open = () =>
    Portal.open({ EVENT_STORE_URL: 'embedded', READ_STORE_URL: 'embedded', DATA_DIR: dataDir }, { urls });

  it('the log knows which request was which', async () => {
    const change = { email: 'new@broker.example' };
    const before = await open();
    await partner(before, 'kept@broker.example');
    const ada = await signedIn(before, 'kept@broker.example');
    const { token } = ada;
    const asked = await ada.post('/api/v1/me/contact-email-changes', change, key('kept'));
    expect(asked.status).toBe(202);
    await before.settled();
    const head = await before.app.get(EventStore).head();
    await before.close();
    const after = await open();
    try {
      const again = after.client();
      again.token = token;
      expect(told(await again.post('/api/v1/me/contact-email-changes', change, key('kept')))).toEqual(
        told(asked),
      );
      const other = await again.post(
        '/api/v1/me/contact-email-changes',
        { email: 'x@broker.example' },
        key('kept'),
      );
      expect(codeOf(other)).toBe('422 IdempotencyKeyReused');
      expect(await typesSince(after, head)).toEqual([]);
    } finally {
      await after.close();
    }
  });

  it('a key that a stranger used tells nothing of the address that came with it', async () => {
    const first = await open();
    await partner(first, 'taken@broker.example');
    for (const email of ['taken@broker.example', 'vacant@broker.example']) {
      const { status } = await first.client().post('/api/v1/registrations', registration(email), key(email));
      expect(status).toBe(202);
    }
    await first.close();
    const second = await open();
    try {
      const answers = [];
      for (const email of ['taken@broker.example', 'vacant@broker.example']) {
        const other = registration(`other-${email}`);
        answers.push(told(await second.client().post('/api/v1/registrations', other, key(email))));
      }
      expect(answers[0]).toEqual(answers[1]);
      // And each was a request of its own.
      for (const email of ['other-taken@broker.example', 'other-vacant@broker.example']) {
        expect(await second.mailedToken(email, 'confirm')).not.toBe('');
      }
    } finally {
      await second.close();
    }
  });
});
