import { toOwner, type Writer } from './desk.js';
import { ACE_PORTAL, moment } from './wording.js';

/** Nobody did anything, and there is no link in it to be lured by. */
export const legacyRetirementNotice: Writer<'LegacyRetirementNoticeRequested'> = (
  { data: { notice, retiresAt }, meta },
  account,
) => [
  {
    kind: `legacy-retirement-${notice}`,
    ...toOwner(account),
    ...(retiresAt === undefined ? calledOff(meta.at) : announced(retiresAt)),
  },
];

const announced = (retiresAt: number) => ({
  subject: `${ACE_PORTAL}: the legacy portal will be retired`,
  body: [
    `The legacy ${ACE_PORTAL} will be retired on ${moment(retiresAt)}. Until then it remains available: navigate to the “References” tab of the modernized ${ACE_PORTAL} and click the “Legacy ${ACE_PORTAL}” button.`,
    'Keep your legacy user id and password until then: they may be needed for existing functions there. Afterwards nobody needs them any more. Your synced account and what you may do with it stay as they are.',
    'You need not do anything for this. Nobody will ask you for your password because of it.',
  ],
});

const calledOff = (at: number) => ({
  subject: `${ACE_PORTAL}: the legacy portal will not be retired for the time being`,
  body: [
    `We told you when the legacy ${ACE_PORTAL} would be retired. On ${moment(at)}, that was called off: it remains available. You will be told ahead of time if this changes.`,
    'Keep your legacy user id and password: they may be needed for existing functions there.',
  ],
});
