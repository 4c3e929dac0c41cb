// Once a new cluster is up: its default passwords go, and the service gets a user that can append and read, but neither delete nor
// limit a stream. Again, it sets what differs. EventStoreDB 22.10 takes no passwords from its own configuration (23.6 does).
import { setTimeout as pause } from 'node:timers/promises';
import { BACKWARDS, END, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

const TRIES_MAX = 60;
const USER = 'portcullis';
const FACTORY_PASSWORD = 'changeit';
const {
  USERS_URL,
  NODES,
  EVENTSTORE_ADMIN_PASSWORD: adminPassword,
  EVENTSTORE_PASSWORD: password,
} = process.env;

const readers = { $r: [USER, '$admins'], $mr: [USER, '$admins'] };
const writers = { $w: [USER, '$admins'], $d: '$admins', $mw: '$admins' };
/** Of every stream that has no rights of its own. The server's default lets everybody who reaches it do everything. */
const DEFAULT_RIGHTS = {
  $userStreamAcl: { ...readers, ...writers },
  $systemStreamAcl: { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' },
};
const LOG_RIGHTS = { readRoles: [USER, '$admins'], metaReadRoles: [USER, '$admins'] };

async function ask(method, path, asPassword, body) {
  return fetch(new URL(path, USERS_URL), {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${asPassword}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
}

async function expectOk(answer, what) {
  if (!answer.ok) throw new Error(`${what}: EventStoreDB answered ${answer.status}`);
}

const reset = (name, asPassword, newPassword) =>
  ask('POST', `/users/${name}/command/reset-password`, asPassword, { newPassword });

async function setUsers() {
  const admin = await ask('GET', '/users/admin', adminPassword);
  if (admin.status === 401) {
    await expectOk(await reset('admin', FACTORY_PASSWORD, adminPassword), 'the password of admin');
  } else {
    await expectOk(admin, 'the user admin');
  }
  await expectOk(await ask('POST', '/users/ops/command/disable', adminPassword), 'disabling the user ops');
  const user = { loginName: USER, fullName: 'The service', groups: [], password };
  const created = await ask('POST', '/users/', adminPassword, user);
  if (created.status === 409) await expectOk(await reset(USER, adminPassword, password), 'its password');
  else await expectOk(created, `the user ${USER}`);
}

async function setRights(client) {
  const { metadata } = await client.getStreamMetadata('$all');
  if (!isSame(metadata?.acl, LOG_RIGHTS)) await client.setStreamMetadata('$all', { acl: LOG_RIGHTS });
  const settings = client.readStream('$settings', { fromRevision: END, direction: BACKWARDS, maxCount: 1 });
  if (isSame((await firstOf(settings))?.data, DEFAULT_RIGHTS)) return;
  await client.appendToStream('$settings', jsonEvent({ type: '$settings', data: DEFAULT_RIGHTS }));
}

async function firstOf(reading) {
  try {
    for await (const { event } of reading) return event;
  } catch (error) {
    if (error.type !== 'stream-not-found') throw error;
  }
  return undefined;
}

const isSame = (there, wanted) => JSON.stringify(there) === JSON.stringify(wanted);

// A cluster that has just found its leader refuses at first.
for (let tries = 1; ; tries++) {
  const client = EventStoreDBClient.connectionString(
    `esdb://admin:${encodeURIComponent(adminPassword)}@${NODES}`,
  );
  try {
    await setUsers();
    await setRights(client);
    break;
  } catch (error) {
    if (tries === TRIES_MAX) throw error;
    console.error(`Not yet: ${error.message}`);
    await pause(1_000);
  } finally {
    await client.dispose();
  }
}
console.error('EventStoreDB has the users and rights that it should have.');
