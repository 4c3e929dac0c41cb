import { EventStoreDBClient } from '@eventstore/db-client';

import { StandIn } from '../../support/eventstoredb/stand-in.js';
import { appendRules } from './server-appends.js';
import { metadataRules } from './server-metadata.js';
import { readRules } from './server-reads.js';
import type { Subject } from './server-subject.js';
import { subscriptionRules } from './server-subscriptions.js';

const url = process.env['EVENTSTOREDB_URL'];

// What is known of the real server; the stand-in has to agree.
describe(url ? 'the server named by EVENTSTOREDB_URL' : 'the stand-in', () => {
  let standIn: StandIn | null = null;
  let subject: Subject;

  beforeAll(async () => {
    if (!url) standIn = await StandIn.start();
    const { username, password } = new URL((url ?? 'esdb://admin:changeit@none').replace(/,[^/?]*/, ''));
    subject = {
      client: EventStoreDBClient.connectionString(url ?? standIn!.connectionString),
      credentials: { username: username || 'admin', password: password || 'changeit' },
    };
  });

  afterAll(async () => {
    await subject.client.dispose();
    await standIn?.close();
  });

  describe('appends', () => appendRules(() => subject));
  describe('reads', () => readRules(() => subject));
  describe('subscriptions', () => subscriptionRules(() => subject));
  describe('metadata and deletion', () => metadataRules(() => subject));
});
