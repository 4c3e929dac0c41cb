import { MemoryLeases } from '../../src/adapters/embedded/leases.js';
import { Lease, type Term } from '../../src/engine/lease.js';
import { StoreUnavailable, type LeaseMark } from '../../src/ports.js';
import { eventually } from '../support/views.js';

/** A store that can go away. */
class MortalLeases extends MemoryLeases {
  trouble: 'none' | 'away' | 'silent' = 'none';
  private asks = 0;
  /** Resolves after so many more requests. */
  async asked(times: number): Promise<void> {
    const until = this.asks + times;
    await eventually(() => this.asks >= until);
  }
  override async take(name: string, holder: string, staleBeat: string | null): Promise<LeaseMark> {
    this.asks += 1;
    if (this.trouble === 'away') throw new StoreUnavailable('the store is away');
    if (this.trouble === 'silent') return new Promise(() => undefined);
    return super.take(name, holder, staleBeat);
  }
}

/** Goes on only when a test says so: a machine that is slow ends no term. */
let uptime: number;
const LASTS_MS = 5_000;

/** One instance that competes for the lease. */
class Instance {
  terms: Term[] = [];
  working = 0;
  private readonly stopping = new AbortController();
  private readonly lease: Lease;
  private readonly ended: Promise<void>;
  readonly reports: string[] = [];

  constructor(leases: MemoryLeases, name: string, work?: () => Promise<void>) {
    this.lease = new Lease(leases, 'projections', name, {
      lastsMs: LASTS_MS,
      beatMs: 2,
      uptimeMs: () => uptime,
      report: (what) => this.reports.push(what),
    });
    this.ended = this.lease.lead(async (term) => {
      this.terms.push(term);
      this.working += 1;
      await work?.();
      await new Promise((resolve) => term.signal.addEventListener('abort', resolve));
      this.working -= 1;
    }, this.stopping.signal);
  }

  isHeld(): boolean {
    return this.lease.isHeld();
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return this.ended;
  }
}

let leases: MortalLeases;
let instances: Instance[];
const instance = (name: string, work?: () => Promise<void>): Instance => {
  const made = new Instance(leases, name, work);
  instances.push(made);
  return made;
};
const working = () => instances.filter((each) => each.working > 0);

beforeEach(() => {
  uptime = 1_000;
  leases = new MortalLeases();
  instances = [];
});
afterEach(() => Promise.all(instances.map((each) => each.stop())));

describe('A lease', () => {
  it('lets one of several instances work, for as long as it lives', async () => {
    for (const name of ['a', 'b', 'c']) instance(name);
    await eventually(() => working().length > 0);
    const [leader] = working();
    for (let beat = 0; beat < 30; beat += 1) {
      uptime += LASTS_MS / 5;
      const { beat: before } = await leases.take('projections', 'looks on', null);
      await eventually(async () => (await leases.take('projections', 'looks on', null)).beat !== before);
    }
    expect(working()).toEqual([leader]);
    expect(leader!.terms).toHaveLength(1);
    expect(instances.filter((each) => each.isHeld())).toEqual([leader]);
  });

  it('passes on at once when its holder stops, who waits for his work', async () => {
    const first = instance('a');
    await eventually(() => first.working === 1);
    const second = instance('b');
    await first.stop();
    expect(first.working).toBe(0);
    await eventually(() => second.working === 1);
  });

  it('passes on when its holder is gone without a word', async () => {
    await leases.take('projections', 'gone', null);
    const other = instance('b');
    await leases.asked(3);
    uptime += LASTS_MS - 1;
    await leases.asked(3);
    expect(other.working).toBe(0);
    uptime += 1;
    await eventually(() => other.working === 1);
  });

  it('ends for a holder who slept through it, before he does anything more', async () => {
    const sleeper = instance('a');
    await eventually(() => sleeper.working === 1);
    uptime += LASTS_MS - 3;
    expect(sleeper.terms[0]!.isHeld()).toBe(true);
    uptime += 1;
    expect(sleeper.terms[0]!.isHeld()).toBe(false);
  });

  it('ends for a holder whose store is away, and comes again with it', async () => {
    const holder = instance('a');
    await eventually(() => holder.working === 1);
    for (const trouble of ['away', 'silent'] as const) {
      leases.trouble = trouble;
      await leases.asked(1);
      expect(holder.working).toBe(1);
      uptime += LASTS_MS;
      await eventually(() => holder.working === 0);
      expect(holder.isHeld()).toBe(false);
      leases.trouble = 'none';
      if (trouble === 'away') await eventually(() => holder.working === 1);
    }
    expect(holder.reports.filter((what) => what === 'the lease projections')).toHaveLength(1);
  });

  it('ends for a holder from whom it was taken', async () => {
    const holder = instance('a');
    await eventually(() => holder.working === 1);
    await leases.release('projections', 'a');
    await leases.take('projections', 'thief', null);
    await eventually(() => holder.working === 0);
  });

  it('begins another term after work that failed', async () => {
    let failures = 0;
    const holder = instance('a', async () => {
      failures += 1;
      if (failures === 1) throw new Error('no luck');
    });
    await eventually(() => holder.terms.length === 2);
    expect(holder.reports).toEqual(['work under the lease projections']);
  });
});
