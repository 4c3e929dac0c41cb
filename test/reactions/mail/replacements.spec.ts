import type { OwnerReplacementEvent } from '../../../src/domain/owner-replacement/events.js';
import { MailRefused } from '../../../src/ports.js';
import { replacementWriters } from '../../../src/reactions/mail/replacements.js';
import * as past from '../../domain/owner-replacement/past.js';
import { APPLICATION, ReplacementRoom } from '../../support/replacement-room.js';

interface Expected {
  readonly to: string;
  readonly says: readonly string[];
}
type Case = readonly [
  title: string,
  before: readonly OwnerReplacementEvent[],
  event: OwnerReplacementEvent,
  ...expected: Expected[],
];

const owner = 'owner@harbor.example';
const applicant = 'applicant@harbor.example';
const heir = 'heir@harbor.example';
const trade = 'the Importer account 12-3456789 (Harbor Imports)';
const inReview = [past.submitted, past.reviewStarted];
const twoApprovals = [...inReview, past.consented, past.approved('rita'), past.approved('ruth')];

const cases: readonly Case[] = [
  [
    'an application: the owner is told, and may consent or object',
    [],
    past.submitted,
    {
      to: owner,
      says: [
        `to make Grace Hopper the Account Owner of ${trade} as Trade Account Owner (TAO)`,
        '/owner-consent?token=',
        '/owner-objection?token=',
        'can be approved from March 5, 2026 at 09:00 UTC on',
      ],
    },
  ],
  [
    'a review: the new owner without a login is invited',
    inReview,
    past.invited,
    { to: 'grace@harbor.example', says: [trade, 'https://portal.example/register'] },
  ],
  [
    'an objection',
    inReview,
    past.objected,
    { to: applicant, says: [trade, 'unless the Account Owner consents'] },
  ],
  ['an objection taken back before the mail went out', [...inReview, past.objected], past.consented],
  [
    'a return: its reasons',
    inReview,
    past.returned,
    { to: applicant, says: [trade, past.reason, 'submit it again'] },
    { to: owner, says: [`You stay the Account Owner of ${trade}`] },
  ],
  [
    'a rejection: its reasons',
    inReview,
    past.rejected,
    { to: applicant, says: [trade, past.reason] },
    { to: owner, says: [`You stay the Account Owner of ${trade}`] },
  ],
  ['a withdrawal', inReview, past.withdrawn, { to: owner, says: [`You stay the Account Owner of ${trade}`] }],
  [
    'another owner: both are told',
    twoApprovals,
    past.completed,
    { to: owner, says: [trade, 'You have no access to it any more', 'signed out everywhere'] },
    { to: heir, says: [`you became the Account Owner of ${trade}`, 'https://portal.example/sign-in'] },
  ],
  ['an application that came too late', twoApprovals, past.superseded, { to: applicant, says: [trade] }],
  ['an approval: nobody', inReview, past.approved('rita')],
];

async function told(before: readonly OwnerReplacementEvent[], event: OwnerReplacementEvent) {
  const room = new ReplacementRoom();
  await room.openAccounts();
  if (before.length > 0) await room.applied(before);
  const [happened] = await room.applied([event]);
  return { room, happened: happened! };
}

describe('the mail about', () => {
  for (const [title, before, event, ...expected] of cases) {
    it(title, async () => {
      const { room, happened } = await told(before, event);
      const { mails } = room.fresh();
      if (mails.types.has(event.type)) await mails.react(happened);
      expect(room.mailer.sent.map(({ to }) => to)).toEqual(expected.map(({ to }) => to));
      for (const [index, { subject, text, html }] of room.mailer.sent.entries()) {
        for (const saying of expected[index]!.says) expect(text).toContain(saying);
        expect(subject).toMatch(/^ACE Portal: [^\r\n]{5,70}$/);
        expect(text + html).not.toMatch(/undefined|null|CTPAT|12\/09\/1976|555-0123/);
        expect(html).not.toMatch(/<(img|script|style|iframe|form)|\bsrc=/);
      }
    });
  }

  it('every event that calls for one is told above', () => {
    const types = new Set(cases.map(([, , { type }]) => type as string));
    expect(Object.keys(replacementWriters).filter((type) => !types.has(type))).toEqual([]);
  });

  it('an application is sent once, whoever reacts, and recorded on the application', async () => {
    const { room, happened } = await told([], past.submitted);
    for (let time = 1; time <= 3; time += 1) await room.fresh().mails.react(happened);
    expect(room.mailer.sent).toHaveLength(1);
    expect((await room.typesOf(`ownerReplacement-${APPLICATION}`)).at(-1)).toBe('ApplicationNoticeSent');
  });

  it('an application that is closed already is not sent', async () => {
    const { room, happened } = await told([], past.submitted);
    await room.applied([past.withdrawn]);
    await room.fresh().mails.react(happened);
    expect(room.mailer.sent).toEqual([]);
  });

  it('two people goes to the second also where the first one’s server refuses it, which is recorded', async () => {
    const { room, happened } = await told(twoApprovals, past.completed);
    room.mailer.failure = ({ to }) => (to === owner ? new MailRefused('no such mailbox') : undefined);
    await room.fresh().mails.react(happened);
    expect(room.mailer.sent.map(({ to }) => to)).toEqual([heir]);
    expect((await room.typesOf(`ownerReplacement-${APPLICATION}`)).at(-1)).toBe('ApplicationNoticeRefused');
  });

  it('two people is not sent to the first again when the second one’s server is away for a while', async () => {
    const { room, happened } = await told(twoApprovals, past.completed);
    const { mails } = room.fresh();
    room.mailer.failure = ({ to }) => (to === heir ? new Error('away') : undefined);
    await expect(mails.react(happened)).rejects.toThrow('away');
    room.mailer.failure = null;
    await mails.react(happened);
    expect(room.mailer.sent.map(({ to }) => to)).toEqual([owner, heir]);
  });

  it('what an e-mailed form asks for goes to the address it came from', async () => {
    const { room, happened } = await told(
      [past.letterSubmitted, past.evidence, past.reviewStarted],
      past.returned,
    );
    await room.fresh().mails.react(happened);
    expect(room.mailer.sent.map(({ to }) => to)).toEqual(['office@harbor.example', owner]);
  });
});
