import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { Installation } from '../cli/installation.js';
import { ChildService, killLeftovers } from '../support/child-service.js';
import { HANDOFFS } from '../support/handoff-room.js';
import { legacyAccount, sync } from '../support/legacy.js';
import { LegacyPortal } from '../support/legacy-portal.js';
import { PASSWORD, registration } from '../support/people.js';
import { PortalClient } from '../support/portal-client.js';
import type { Portal } from '../support/portal.js';
import { TestMailServer } from '../support/smtp-server.js';

const EMAIL = 'killed@broker.example';

const mailServer = new TestMailServer();
const folder = mkdtempSync(join(tmpdir(), 'portcullis-logouts-'));
let legacy: LegacyPortal;

beforeAll(async () => {
  await mailServer.start();
  legacy = await LegacyPortal.start();
});
afterAll(async () => {
  await killLeftovers();
  await legacy.close();
  await mailServer.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ChildService> {
  const service = await ChildService.start(folder, { ...legacy.settings, SMTP_URL: mailServer.url });
  const clock = { now: () => Date.now() };
  const config = { PUBLIC_URL: 'https://portal.example' };
  const client = () => new PortalClient(service.url);
  legacy.connect({ url: service.url, clock, config, client } as unknown as Portal);
  return service;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(10);
}

async function overThere(url: string): Promise<PortalClient> {
  const client = new PortalClient(url);
  await client.post('/api/v1/registrations', registration(EMAIL));
  await until(() => mailServer.mails().length > 0);
  const [, token] = /token=([\w.-]+)/.exec(mailServer.mails()[0]!.text)!;
  await client.post('/api/v1/registrations/confirmations', { token, password: PASSWORD });
  await client.signIn(EMAIL, PASSWORD);
  expect((await sync(client, 'KILLED')).status).toBe(201);
  const { ticket } = (await client.post(HANDOFFS)).body;
  const body = new URLSearchParams({ ticket });
  await fetch(`${legacy.url}/handoff`, { method: 'POST', body, redirect: 'manual' });
  expect(legacy.sessions).toHaveLength(1);
  return client;
}

it('A logout that was under way when the service was killed is sent again, as the same one', async () => {
  const directory = join(folder, 'legacy.jsonl');
  writeFileSync(directory, `${JSON.stringify(legacyAccount('KILLED'))}\n`);
  await new Installation({}, folder).must('legacy', 'import', directory);
  const service = await start();
  const client = await overThere(service.url);

  legacy.holdsLogouts = true;
  expect((await client.delete('/api/v1/sessions/current')).status).toBe(204);
  await until(() => legacy.logoutTokens.length === 1);
  await service.kill();
  expect(legacy.sessions).toHaveLength(1);

  legacy.holdsLogouts = false;
  const next = await start();
  await until(() => legacy.sessions.length === 0);
  const ids = legacy.logoutTokens.map((token) => decodeJwt(token).jti);
  expect(ids.length).toBeGreaterThan(1);
  expect(new Set(ids).size).toBe(1);
  expect(next.faults).toEqual([]);
  await next.stop();
}, 120_000);
