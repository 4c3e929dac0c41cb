import type { accessEvents } from '../../src/domain/access/access.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import type { emailEvents } from '../../src/domain/email/email.js';
import type { LegacyAccountEvent } from '../../src/domain/legacy-account/events.js';
import type { NewEvent } from '../../src/domain/events.js';
import type { replacementPlaceEvents } from '../../src/domain/replacement-places/replacement-places.js';
import type { logMarkEvents } from '../../src/domain/service/log-mark.js';
import type { LegacyPortalEvent } from '../../src/domain/legacy-portal/events.js';
import type { OwnerReplacementEvent } from '../../src/domain/owner-replacement/events.js';
import type { TradeAccountEvent } from '../../src/domain/trade-account/events.js';
import * as past from '../domain/account/past.js';
import * as legacy from '../domain/legacy-account/past.js';
import * as logouts from '../domain/legacy-account/past-logouts.js';
import * as legacyPortal from '../domain/legacy-portal/past.js';
import * as replacement from '../domain/owner-replacement/past.js';
import { place } from '../domain/replacement-places/past.js';
import * as trade from '../domain/trade-account/past.js';
import { DAY, HOUR, MINUTE, T0 } from './given.js';

type AnyEvent =
  | AccountEvent
  | NewEvent<typeof emailEvents>
  | NewEvent<typeof accessEvents>
  | NewEvent<typeof logMarkEvents>
  | LegacyAccountEvent
  | LegacyPortalEvent
  | OwnerReplacementEvent
  | NewEvent<typeof replacementPlaceEvents>
  | TradeAccountEvent;

/** An event as it happens in life, and the types of those that come before it. */
export interface Sample {
  readonly event: AnyEvent;
  readonly after: readonly AnyEvent['type'][];
}

const first = (event: AnyEvent): Sample => ({ event, after: [] });
const then = (event: AnyEvent, ...after: AnyEvent['type'][]): Sample => ({ event, after });
const later = (event: AnyEvent, ...after: AnyEvent['type'][]): Sample =>
  then(event, 'AccountRegistered', 'EmailConfirmed', ...after);

const ofApplication = (event: AnyEvent, ...after: AnyEvent['type'][]): Sample =>
  then(event, 'OwnerReplacementSubmitted', ...after);

const ofLegacyLink = (event: AnyEvent, ...after: AnyEvent['type'][]): Sample =>
  then(event, 'LegacyAccountImported', 'LegacyPasswordLinkRequested', ...after);

const ofHandoff = (event: AnyEvent, ...after: AnyEvent['type'][]): Sample =>
  then(
    event,
    ...([
      'LegacyAccountImported',
      'LegacyAccountClaimed',
      'LegacyHandoffIssued',
      'LegacyHandoffRedeemed',
    ] as const),
    ...after,
  );

/** Each after those that it names. What fixtures of events that have none yet are made from; those that are there are never made again. */
export const samples: readonly Sample[] = [
  first(past.unconfirmed),
  then(past.confirmationLinkRequested, 'AccountRegistered'),
  then(past.confirmationRefused(1), 'AccountRegistered'),
  then(past.emailConfirmed, 'AccountRegistered'),
  then(past.registrationExpired('Deadline'), 'AccountRegistered'),
  first(past.registrationAbandoned),
  first(past.invited),
  then(past.invitationAccepted, 'StaffInvited'),
  later(past.loginFailed(1)),
  later(past.signedIn('s-1'), 'LoginFailed'),
  later(past.roleGranted('auditor')),
  later(past.roleRevoked('auditor'), 'RoleGranted', 'LoginSucceeded'),
  later(past.registrationAttempted),
  later(past.accountLocked('TooManyFailures', 5, T0 + 15 * MINUTE), 'LoginFailed'),
  later(past.lockExpired, 'LoginFailed', 'AccountLocked'),
  later(past.unlocked, 'LoginFailed', 'AccountLocked'),
  later(past.suspended('SecurityConcern'), 'LoginSucceeded'),
  later(past.reinstated('SecurityConcern'), 'AccountSuspended'),
  later(past.sessionContinued('s-1'), 'LoginSucceeded'),
  later(past.passwordConfirmed('s-1'), 'LoginSucceeded', 'LoginFailed'),
  later(past.sessionEnded('s-1', 'SignedOut'), 'LoginSucceeded'),
  later(past.resetRequested()),
  later(past.resetDeclined('Locked', 'Suspended')),
  later(past.resetLinkSent('r-1', T0 + 24 * HOUR), 'ResetRequested'),
  later(past.answersRefused('r-1', 1), 'ResetRequested'),
  later(past.resetLinkRevoked('r-1', 'PasswordChanged'), 'ResetRequested'),
  later(past.resetLinkExpired('r-1'), 'ResetRequested'),
  later(past.passwordReset(), 'LoginSucceeded', 'LoginFailed', 'ResetRequested', 'ResetAnswersRefused'),
  later(past.resetRepudiated(), 'ResetRequested', 'PasswordReset', 'LoginSucceeded'),
  later(past.recoveryBlocked('AnswersRefused', 10), 'ResetRequested', 'ResetAnswersRefused'),
  later(past.recoveryUnblocked, 'ResetRequested', 'ResetAnswersRefused', 'RecoveryBlocked'),
  later(past.passwordChanged('s-1'), 'LoginSucceeded'),
  later(past.passwordRehashed('hash-1b'), 'LoginSucceeded'),
  later(past.questionsChanged),
  later(past.emailChangeRequested('c-1', 'new')),
  later(past.emailChangeExpired('c-1', 'new'), 'ContactEmailChangeRequested'),
  later(past.emailChanged('c-1', 'new', 'key-ada'), 'ContactEmailChangeRequested'),
  later(
    past.emailRestored('c-1', past.registration, 'key-new'),
    'LoginSucceeded',
    'ContactEmailChangeRequested',
    'ContactEmailChanged',
  ),
  later(past.formerEmailReleased('c-1', 'key-ada'), 'ContactEmailChangeRequested', 'ContactEmailChanged'),
  later(past.noticeSent(1)),
  later(past.noticeRefused(1)),
  later(past.personErased),
  first({ type: 'EmailClaimed', data: { accountId: 'a-1' } }),
  then({ type: 'EmailReleased', data: { accountId: 'a-1' } }, 'EmailClaimed'),
  first({ type: 'AccountChecked', data: { accountId: 'a-1' } }),
  first({ type: 'ApplicationChecked', data: { applicationId: 'app-1' } }),
  first({ type: 'LegacyAccountChecked', data: { legacyAccountId: 'l-1' } }),
  first({ type: 'LegacySyncFailuresListed', data: { accounts: 3 } }),
  first({ type: 'PersonalDataRevealed', data: { accountId: 'a-1', reason: past.reason } }),
  first({ type: 'HistoryExported', data: { accountId: 'a-1' } }),
  first({ type: 'LogBegun', data: { mode: 'demo' } }),
  then({ type: 'DemoFilled', data: {} }, 'LogBegun'),
  first(trade.opened('owner')),
  then(trade.ownerNamed('owner'), 'TradeAccountOpened'),
  then(trade.granted('owner', 'file', 'read'), 'TradeAccountOpened'),
  then(trade.revoked('owner'), 'TradeAccountOpened', 'UserAccessGranted'),
  then(trade.replaced('owner', 'heir'), 'TradeAccountOpened', 'UserAccessGranted'),
  first(replacement.letterSubmitted),
  ofApplication(replacement.evidence),
  ofApplication(replacement.consented),
  ofApplication(replacement.objected),
  ofApplication(replacement.reviewStarted),
  ofApplication(replacement.invited, 'ReviewStarted'),
  ofApplication(replacement.returned, 'ReviewStarted'),
  ofApplication(replacement.rejected, 'ReviewStarted'),
  ofApplication(replacement.withdrawn),
  ofApplication(replacement.approved('rita'), 'ReviewStarted'),
  ofApplication(replacement.completed, 'ReviewStarted', 'OwnerReplacementApproved'),
  ofApplication(replacement.superseded, 'ReviewStarted', 'OwnerReplacementApproved'),
  ofApplication(replacement.noticeSent(1)),
  ofApplication(replacement.noticeRefused(1)),
  first(place.taken('app-1')),
  then(place.freed('app-1'), 'ReplacementPlaceTaken'),
  later(past.legacySynced()),
  later(past.legacyAccessBroughtOver(), 'LegacySynced'),
  first(legacy.imported()),
  then(legacy.changed({ company: 'Harbor Brokers' }), 'LegacyAccountImported'),
  then(legacy.refused(5, { until: T0 + 15 * MINUTE }), 'LegacyAccountImported'),
  then(legacy.claimed('a-1'), 'LegacyAccountImported', 'LegacyCredentialRefused'),
  then(legacy.released('a-1'), 'LegacyAccountImported', 'LegacyAccountClaimed'),
  later(past.retirementNotice(1, T0 + 30 * DAY), 'LegacySynced'),
  first(legacyPortal.announced(1, T0 + 30 * DAY)),
  then(legacyPortal.madeKnown(1), 'LegacyPortalRetirementAnnounced'),
  then(legacyPortal.calledOff(2), 'LegacyPortalRetirementAnnounced'),
  then(legacyPortal.retired, 'LegacyPortalRetirementAnnounced', 'LegacyPortalRetirementMadeKnown'),
  then(legacy.ticketIssued(), 'LegacyAccountImported', 'LegacyAccountClaimed'),
  then(legacy.ticketRedeemed(), 'LegacyAccountImported', 'LegacyAccountClaimed', 'LegacyHandoffIssued'),
  then(legacy.linkRequested('l-1', 'Reset', 'Called.'), 'LegacyAccountImported'),
  ofLegacyLink(legacy.linkSent('l-1', T0 + 24 * HOUR)),
  ofLegacyLink(legacy.linkExpired()),
  ofLegacyLink(legacy.passwordReset(), 'LegacyCredentialRefused'),
  then(legacy.resetForwarded(), 'LegacyAccountImported'),
  ofLegacyLink(legacy.noticeSent(2), 'LegacyPasswordReset'),
  ofLegacyLink(legacy.noticeRefused(2), 'LegacyPasswordReset'),
  then(trade.invited(), 'TradeAccountOpened'),
  then(trade.joined('ben'), 'TradeAccountOpened', 'IndividualUserInvited'),
  then(
    trade.removed('owner', { accountId: 'owner', legacyAccountId: 'l-1' }),
    'TradeAccountOpened',
    'UserAccessGranted',
  ),
  later(past.removedFromTradeAccount()),
  first(legacy.userCreated()),
  then(legacy.userRevoked, 'IndividualUserCreated'),
  ofHandoff(logouts.logoutRequested()),
  ofHandoff(logouts.logoutAcknowledged(), 'LegacyLogoutRequested'),
  ofHandoff(logouts.logoutFailed('logout-s-1', 'TimedOut', 1, T0 + 2 * HOUR), 'LegacyLogoutRequested'),
  ofHandoff(logouts.logoutLapsed(), 'LegacyLogoutRequested'),
];
