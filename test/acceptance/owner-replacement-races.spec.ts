import { CommandBus } from '@nestjs/cqrs';
import { SuspendAccount } from '../../src/commands/suspend-account.js';
import { streamName } from '../../src/engine/streams.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { EventStore, Ids } from '../../src/ports.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { partner } from '../support/people.js';
import type { Answer } from '../support/portal-client.js';
import { approve, Company, take, type Cast } from '../support/replacement.js';
import { counted } from '../support/soak.js';

const world = new MailedPortal();

async function suspend(accountId: string): Promise<void> {
  const commandId = world.portal.app.get(Ids).next();
  const actor = { kind: 'operator', id: 'test', role: null } as const;
  const context = { commandId, actor, correlationId: commandId, causationId: commandId };
  const command = new SuspendAccount(accountId, 'SecurityConcern', 'Under review.', context);
  await world.portal.app.get(CommandBus).execute(command);
}

/** Who owned the trade account after each event of its stream. */
async function owners(tradeAccountId: string): Promise<string[]> {
  const stream = streamName(tradeAccountDecider, tradeAccountId);
  const records = await world.portal.app.get(EventStore).readStream(stream, 0, 1_000);
  let owner = '';
  return records.map(({ type, data }) => {
    const { owner: first, from, to } = JSON.parse(data) as Record<string, string>;
    if (type === 'TradeAccountOpened') owner = first!;
    if (type === 'AccountOwnerReplaced') {
      // It was taken from who had it: nobody else can have lost it.
      expect(from).toBe(owner);
      owner = to!;
    }
    return owner;
  });
}

/** Two applications, one for the heir and one for a rival, with one approval each. */
async function contested(): Promise<Cast & { forHeir: string; forRival: string; rivalId: string }> {
  const company = new Company(world.portal);
  const cast = await company.cast();
  const rivalId = await partner(world.portal, company.email('rival'));
  const forHeir = await company.designate(cast.applicant, 'heir');
  await company.consent();
  const forRival = await company.designate(cast.applicant, 'rival');
  await company.consent();
  for (const id of [forHeir, forRival]) {
    expect((await take(cast.rita, id)).status).toBe(201);
    expect((await approve(cast.rita, id)).status).toBe(201);
  }
  return { ...cast, forHeir, forRival, rivalId };
}

const codes = (answers: readonly Answer[]) =>
  answers.map(({ status, body }) => `${status} ${(body.code ?? body.status) as string}`);

describe('two applications for one trade account, approved at once', () => {
  it('leave one owner at every position of the log; the loser is told 409', async () => {
    for (let round = 0; round < counted(3, 30); round += 1) {
      const { ruth, forHeir, forRival, heirId, rivalId, ownerId, tradeAccountId } = await contested();
      const answers = await Promise.all([approve(ruth, forHeir), approve(ruth, forRival)]);
      expect(codes(answers).sort()).toEqual(['201 Completed', '409 OwnerChanged']);
      const winner = answers[0]!.status === 201 ? heirId : rivalId;
      const seen = await owners(tradeAccountId);
      expect([...new Set(seen)]).toEqual([ownerId, winner]);
      expect(seen.at(-1)).toBe(winner);
    }
  });

  it('with a suspension between them: whoever is suspended first does not win', async () => {
    for (let round = 0; round < counted(3, 30); round += 1) {
      const { ruth, forHeir, forRival, heirId, rivalId, ownerId, tradeAccountId } = await contested();
      const [first, , second] = await Promise.all([
        approve(ruth, forHeir),
        suspend(heirId),
        approve(ruth, forRival),
      ]);
      const answers = codes([first, second]);
      expect(answers.filter((answer) => answer === '201 Completed')).toHaveLength(1);
      expect(answers.filter((answer) => /^409 (OwnerChanged|NewOwnerSuspended)$/.test(answer))).toHaveLength(
        1,
      );
      const winner = first.status === 201 ? heirId : rivalId;
      expect([...new Set(await owners(tradeAccountId))]).toEqual([ownerId, winner]);
    }
    // And when it came before both, there is nothing left to luck.
    const { ruth, forHeir, forRival, heirId, rivalId, tradeAccountId } = await contested();
    await suspend(heirId);
    const answers = await Promise.all([approve(ruth, forHeir), approve(ruth, forRival)]);
    expect(codes(answers)).toEqual([
      expect.stringMatching(/^409 (OwnerChanged|NewOwnerSuspended)$/),
      '201 Completed',
    ]);
    expect((await owners(tradeAccountId)).at(-1)).toBe(rivalId);
  });
});

describe('one application', () => {
  it('approved twenty times at once by one reviewer has one approval', async () => {
    const company = new Company(world.portal);
    const { applicant, rita, tradeAccountId, ownerId } = await company.cast();
    const id = await company.designate(applicant);
    await company.consent();
    await take(rita, id);
    const answers = await Promise.all(Array.from({ length: 20 }, () => approve(rita, id)));
    expect(new Set(codes(answers))).toEqual(new Set(['201 InReview']));
    expect(new Set(await owners(tradeAccountId))).toEqual(new Set([ownerId]));
  });

  it('approved while the owner objects is either done or stopped, and both are told the truth', async () => {
    for (let round = 0; round < counted(3, 30); round += 1) {
      const company = new Company(world.portal);
      const { applicant, rita, ruth, heirId, ownerId, tradeAccountId } = await company.cast();
      const id = await company.designate(applicant);
      await company.consent();
      await take(rita, id);
      await approve(rita, id);
      const token = await world.portal.mailedToken(company.email('owner'), 'owner-objection');
      const objection = { token, reason: 'I have changed my mind.' };
      const [approved, objected] = await Promise.all([
        approve(ruth, id),
        world.portal.client().post('/api/v1/owner-replacement-objections', objection),
      ]);
      const isDone = approved.status === 201;
      expect([approved.status, objected.status]).toEqual(isDone ? [201, 409] : [409, 200]);
      expect((await owners(tradeAccountId)).at(-1)).toBe(isDone ? heirId : ownerId);
    }
  });
});

describe('the rights of a former owner', () => {
  it('end with the approval: no later answer shows them, while sessions ask without a pause', async () => {
    const company = new Company(world.portal);
    const { applicant, owner, rita, ruth } = await company.cast();
    const id = await company.designate(applicant);
    await company.consent();
    await take(rita, id);
    await approve(rita, id);
    let isReplaced = false;
    const late = new Set<number>();
    const asking = Array.from({ length: 4 }, async () => {
      for (let request = 0; request < 25; request += 1) {
        const startedAfter = isReplaced;
        const { status } = await owner.get('/api/v1/me/trade-accounts');
        if (startedAfter) late.add(status);
      }
    });
    expect((await approve(ruth, id)).body.status).toBe('Completed');
    isReplaced = true;
    await Promise.all(asking);
    late.add((await owner.get('/api/v1/me/trade-accounts')).status);
    expect(late).toEqual(new Set([401]));
  });
});
