import { OperatorActs, type ActParts } from '../../src/control/operator-acts.js';
import { LiveProjections } from '../../src/engine/live-projections.js';
import { GivenUp } from '../../src/engine/projection.js';
import type { ParkedStream } from '../../src/ports.js';

class IdleProjections extends LiveProjections {
  readonly refolded: string[][] = [];
  parks: ParkedStream | null = null;
  constructor() {
    super(['accounts', 'history']);
    for (const name of ['accounts', 'history']) {
      this.changed({ name, position: '1', parkedCount: 0, failure: name === 'history' ? 'a bug' : null });
    }
  }
  override start(): void {}
  override async refold(...what: [string, string]): Promise<ParkedStream | null> {
    this.refolded.push(what);
    return this.parks;
  }
  override async pause(): Promise<void> {}
  override async resume(): Promise<void> {}
  override async close(): Promise<void> {}
}

const run = { user: 'olive', onProgress: () => undefined, signal: new AbortController().signal };
const mails = {
  name: 'mails',
  position: null,
  unfinishedCount: 0,
  parkedCount: 0,
  retries: 0,
  failure: null,
};

function acting(changed: Partial<ActParts> = {}) {
  const executed: unknown[] = [];
  const live = new IdleProjections();
  const parts = {
    mode: 'real',
    commands: {
      execute: async (command: unknown) => {
        executed.push(command);
        return { accountId: 'a', enrolmentUrl: 'https://portal.example/enrol?token=t' };
      },
    },
    emails: { keyOf: (address: string) => `key of ${address}`, accountOf: async () => null },
    live,
    reactor: { states: () => [mails], retry: async () => undefined },
    ids: { next: () => 'id-1', secret: () => new Uint8Array() },
    canMail: true,
    rebuild: async () => undefined,
    ...changed,
  } as unknown as ActParts;
  return { acts: new OperatorActs(parts), executed, live };
}

const olive = { email: 'o@cbp.example', givenName: 'Olive', familyName: 'Officer', role: 'auditor' };

describe("An operator's acts", () => {
  it('invite staff in the name of the operator', async () => {
    const { acts, executed } = acting();
    const invited = await acts.perform('inviteStaff', { ...olive, mailOnly: true }, run);
    expect(invited).toMatchObject({ accountId: 'a', mailed: true });
    expect(executed).toEqual([
      {
        input: olive,
        context: {
          commandId: 'id-1',
          actor: { kind: 'operator', id: 'olive', role: null },
          correlationId: 'id-1',
          causationId: 'id-1',
        },
      },
    ]);
  });

  it.each([
    ['an unknown field', { ...olive, mailOnly: false, password: 'x' }],
    ['an address that is none', { ...olive, email: 'o@cbp.example\r\n', mailOnly: false }],
    ['an unknown role', { ...olive, role: 'king', mailOnly: false }],
  ])('invite nobody with %s', async (_what, input) => {
    const { acts, executed } = acting();
    await expect(acts.perform('inviteStaff', input, run)).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(executed).toEqual([]);
  });

  it('promise no mail that cannot go out', async () => {
    const { acts, executed } = acting({ canMail: false });
    const promised = acts.perform('inviteStaff', { ...olive, mailOnly: true }, run);
    await expect(promised).rejects.toMatchObject({ code: 'NoMailServer' });
    expect(executed).toEqual([]);
    const printed = await acts.perform('inviteStaff', { ...olive, mailOnly: false }, run);
    expect(printed.mailed).toBe(false);
  });

  it('find accounts by address, and say when there is none', async () => {
    const change = { account: 'o@cbp.example', role: 'auditor', reason: 'why' };
    const stranger = acting();
    await expect(stranger.acts.perform('grantRole', change, run)).rejects.toMatchObject({
      code: 'AccountUnknown',
    });
    expect(stranger.executed).toEqual([]);
    const emails = { keyOf: (address: string) => address, accountOf: async (key: string) => `of ${key}` };
    const known = acting({ emails });
    expect(await known.acts.perform('revokeRole', change, run)).toMatchObject({
      accountId: 'of o@cbp.example',
    });
  });

  it('retry in a projection or a reaction, whichever has the name', async () => {
    const parked = { stream: 's-1', revision: 2, position: '3', cause: 'a bug', parkedAt: 1 };
    const { acts, live } = acting({
      reactor: { states: () => [mails], retry: async () => Promise.reject(new GivenUp('no such mailbox')) },
    });
    expect(await acts.perform('retry', { name: 'accounts', stream: 's-1' }, run)).toEqual({ parked: null });
    live.parks = parked;
    expect(await acts.perform('retry', { name: 'accounts', stream: 's-1' }, run)).toEqual({ parked });
    expect(live.refolded).toHaveLength(2);
    await expect(acts.perform('retry', { name: 'mails', stream: 's-1@2' }, run)).rejects.toMatchObject({
      code: 'GivenUp',
      message: 'no such mailbox',
    });
    await expect(acts.perform('retry', { name: 'nothing', stream: 's-1' }, run)).rejects.toMatchObject({
      code: 'UnknownName',
    });
  });

  it('rebuild all or the one named, one rebuild at a time, and again after one that failed', async () => {
    const rebuilt: (readonly string[])[] = [];
    let fail: (error: Error) => void = () => undefined;
    const rebuild: ActParts['rebuild'] = (names, onProgress) => {
      rebuilt.push(names);
      onProgress(5, 10);
      return names.length === 1 ? new Promise((_, reject) => (fail = reject)) : Promise.resolve();
    };
    const { acts } = acting({ rebuild });
    const first = acts.perform('rebuild', { names: ['history'] }, run);
    await new Promise((resume) => setImmediate(resume));
    await expect(acts.perform('rebuild', { names: [] }, run)).rejects.toMatchObject({ code: 'Rebuilding' });
    fail(new Error('the disk is full'));
    await expect(first).rejects.toThrow('the disk is full');
    expect(await acts.perform('rebuild', { names: [] }, run)).toMatchObject({
      names: ['accounts', 'history'],
      events: 5,
    });
    expect(rebuilt).toEqual([['history'], ['accounts', 'history']]);
  });

  it('tell why something does not go on', async () => {
    const { failures } = await acting().acts.perform('status', {}, run);
    expect(failures).toEqual({ history: 'a bug' });
  });
});
