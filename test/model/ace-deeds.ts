import {
  ApproveOwnerReplacement,
  ApproveOwnerReplacementHandler,
} from '../../src/commands/approve-owner-replacement.js';
import {
  ReviewOwnerReplacement,
  ReviewOwnerReplacementHandler,
} from '../../src/commands/review-owner-replacement.js';
import {
  SubmitOwnerReplacement,
  SubmitOwnerReplacementHandler,
} from '../../src/commands/submit-owner-replacement.js';
import { SyncLegacyAccount, SyncLegacyAccountHandler } from '../../src/commands/sync-legacy-account.js';
import {
  WithdrawOwnerReplacement,
  WithdrawOwnerReplacementHandler,
} from '../../src/commands/withdraw-owner-replacement.js';
import { accountDecider } from '../../src/domain/account/account.js';
import { reinstate, suspend } from '../../src/domain/account/locks.js';
import type { AccountDecision } from '../../src/domain/account/state.js';
import { emailDecider } from '../../src/domain/email/email.js';
import { legacyRecord, type LegacyRecord } from '../../src/domain/legacy-account/record.js';
import { ownerReplacementDecider } from '../../src/domain/owner-replacement/owner-replacement.js';
import { consent, object } from '../../src/domain/owner-replacement/submission.js';
import {
  permissionsOf,
  tradeAccountDecider,
  type TradeAccountDecision,
} from '../../src/domain/trade-account/trade-account.js';
import type { CommandContext } from '../../src/engine/streams.js';
import * as account from '../domain/account/past.js';
import { heir as newOwner } from '../domain/owner-replacement/past.js';
import { DAY } from '../support/given.js';
import { OWNER_WAIT_MS, type Desk } from './ace-world.js';
import type { AceAction, Tell, Who } from './ace-actions.js';

export const emailOf = (who: Who): string => `${who}@harbor.example`;
export const SESSIONS_MAX = 5;

/** Everybody has a confirmed account, with an address by which applications name them. */
export async function opened(desk: Desk, who: Who, context: () => CommandContext): Promise<void> {
  const emailKey = desk.emails.keyOf(emailOf(who));
  const claimed = [{ type: 'EmailClaimed', data: { accountId: who } }] as const;
  await desk.streams.decide(emailDecider, emailKey, () => claimed, context());
  const data = { ...account.registration, email: emailOf(who), emailKey, expiresAt: desk.clock.now() + DAY };
  const registered = [{ type: 'AccountRegistered', data }, account.emailConfirmed] as const;
  await desk.streams.decide(accountDecider, who, () => registered, context());
}

/** As the importer reads a line. */
const recordOf = ({ legacy, password, status, gives }: Tell): LegacyRecord =>
  legacyRecord.parse({
    ...{ legacyUserId: legacy, passwordHash: password, status },
    ...{ givenName: 'Ada', familyName: 'Okafor', email: 'ada@legacy.example', company: 'Harbor Imports' },
    tradeAccounts: gives.map((given) => ({ ...given, type: 'Importer' })),
  });

type Deed = (context: CommandContext) => Promise<unknown>;

/** Does it at one instance. `application` is the one that the action is about; `password` is that of the legacy account by now. */
export function deed(desk: Desk, action: AceAction, application: string, password: string): Deed {
  const { streams, emails } = desk;
  switch (action.do) {
    case 'tell': {
      const record = recordOf(action);
      return (context) => desk.directory.take(record, { file: context.commandId, line: 1 }, context);
    }
    case 'sync': {
      const { directory, credentials, claims, secrets, limits, rules } = desk;
      const handler = new SyncLegacyAccountHandler(
        ...([streams, directory, credentials, claims, secrets, limits, rules] as const),
      );
      const typed = action.right ? password : 'another';
      return (context) => handler.execute(new SyncLegacyAccount(action.who, action.legacy, typed, context));
    }
    case 'submit': {
      const { tradeAccounts, places, limits, clock } = desk;
      const handler = new SubmitOwnerReplacementHandler(streams, tradeAccounts, places, limits, clock);
      const form = { form: 'A', type: 'Importer', number: action.number, designation: 'TAO' } as const;
      const input = { ...form, newOwner: { ...newOwner, email: emailOf(action.heir) } };
      return (context) =>
        handler.execute(new SubmitOwnerReplacement(input, { applicantId: action.who }, context));
    }
    case 'approve': {
      const rules = { ownerWaitMs: OWNER_WAIT_MS };
      const handler = new ApproveOwnerReplacementHandler(streams, emails, desk.settlement, rules);
      return (context) => handler.execute(new ApproveOwnerReplacement(application, action.by, context));
    }
    case 'take':
    case 'return':
    case 'reject': {
      const handler = new ReviewOwnerReplacementHandler(streams, emails);
      const act = { take: 'take', return: { returnFor: 'x' }, reject: { rejectFor: 'x' } } as const;
      return (context) =>
        handler.execute(new ReviewOwnerReplacement(application, action.by, act[action.do], context));
    }
    case 'withdraw': {
      const handler = new WithdrawOwnerReplacementHandler(streams);
      return (context) => handler.execute(new WithdrawOwnerReplacement(application, action.who, context));
    }
    case 'consent':
    case 'object': {
      const decision = action.do === 'consent' ? consent() : object('No.');
      return (context) => streams.decide(ownerReplacementDecider, application, decision, context);
    }
    default:
      return simpleDeed(desk, action);
  }
}

type Simple = Extract<AceAction, { readonly who: Who }>;

/** What other parts of the service do, as far as it shows here. */
function simpleDeed({ streams, tradeAccounts }: Desk, action: Simple): Deed {
  const { who } = action;
  if (action.do === 'grant' || action.do === 'revoke') {
    const id = tradeAccounts.idOf('Importer', action.number);
    const decision = action.do === 'grant' ? grant(who) : revoke(who);
    return (context) => streams.decide(tradeAccountDecider, id, decision, context);
  }
  return (context) => streams.decide(accountDecider, who, decisionOf(action, context.commandId), context);
}

function decisionOf(action: Simple, id: string): AccountDecision {
  if (action.do === 'suspend') return suspend(id, 'SecurityConcern', 'x');
  if (action.do === 'reinstate') return reinstate('SecurityConcern', 'x');
  if (action.do === 'erase') {
    return ({ status }) => (status === 'Registered' ? [account.personErased] : []);
  }
  return (state) => {
    const isOpen = state.status === 'Registered' && state.suspensions.length === 0;
    return isOpen && state.sessions.length < SESSIONS_MAX ? [account.signedIn(id)] : [];
  };
}

const grant =
  (accountId: Who): TradeAccountDecision =>
  ({ status }) =>
    status === 'Open' ? [{ type: 'UserAccessGranted', data: { accountId, permissions: ['Own'] } }] : [];

const revoke =
  (accountId: Who): TradeAccountDecision =>
  (state) =>
    state.status === 'Open' && state.owner !== accountId && permissionsOf(state, accountId) !== null
      ? [{ type: 'UserAccessRevoked', data: { accountId } }]
      : [];
