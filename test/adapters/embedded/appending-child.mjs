/* Appends to the store in the directory given until it is killed, and prints a line for each acknowledged append:
 * stream, last revision, position. */
import { randomUUID } from 'node:crypto';
import { EmbeddedEventStore } from '../../../dist/adapters/embedded/event-store.js';

const store = await EmbeddedEventStore.open({ dataDir: process.argv[2] });

async function write(stream) {
  for (;;) {
    const events = [1, 2, 3].map((n) => ({
      eventId: randomUUID(),
      type: 'Written',
      data: JSON.stringify({ n, text: 'x'.repeat(200) }),
      metadata: '{}',
    }));
    const { revision, position } = await store.append(stream, 'Any', events);
    process.stdout.write(`${stream} ${revision} ${position}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, () => write(`stream-${randomUUID()}`)));
