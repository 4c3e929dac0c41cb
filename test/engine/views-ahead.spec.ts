import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { dropViewsAheadOfLog } from '../../src/engine/views-ahead.js';
import { StoreUnavailable, type Position } from '../../src/ports.js';
import { events } from '../contracts/event-store-events.js';
import { memoryViews } from '../support/views.js';

const names = ['behind-1', 'level-1', 'ahead-1', 'missing-1'];

describe('Before anything is appended', () => {
  it('views that are ahead of the log are forgotten, and no others', async () => {
    const views = memoryViews();
    const log = EmbeddedEventStore.openInMemory();
    const first = (await log.append('account-1', 'NoStream', events(1))).position;
    const last = (await log.append('account-1', 0, events(1))).position;
    const stand = async (name: string, checkpoint: Position) => {
      await views.open({ name, indexes: [] });
      await views.save(name, [{ key: 'a', position: checkpoint, readAt: null, body: {} }], checkpoint);
    };
    await stand('behind-1', first);
    await stand('level-1', last);
    await stand('ahead-1', `${last}1`);
    const dropped = await dropViewsAheadOfLog(names, views, views, log);
    expect([...dropped.keys()]).toEqual(['ahead-1']);
    expect(await Promise.all(names.map((name) => views.checkpoint(name)))).toEqual([first, last, null, null]);
    expect(await views.get('ahead-1', 'a')).toBeNull();
  });

  it('every view is ahead of an empty log', async () => {
    const views = memoryViews();
    await views.open({ name: 'ahead-1', indexes: [] });
    await views.save('ahead-1', [], '0000000000000001');
    const dropped = await dropViewsAheadOfLog(names, views, views, EmbeddedEventStore.openInMemory());
    expect([...dropped.values()].map(({ name }) => name)).toEqual(['CheckpointAheadOfLog']);
  });

  it('a view that cannot be read is left to those who follow the log with it', async () => {
    const views = {
      checkpoint: () => Promise.reject(new StoreUnavailable('damaged')),
      drop: () => Promise.reject(new Error('must not be asked for')),
    };
    expect(await dropViewsAheadOfLog(names, views, views, EmbeddedEventStore.openInMemory())).toEqual(
      new Map(),
    );
  });
});
