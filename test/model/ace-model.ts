import { MINUTE } from '../support/given.js';
import type { AceAction, Given, Who } from './ace-actions.js';
import { SESSIONS_MAX } from './ace-deeds.js';
import { text, type AceFacts, type ApplicationFacts, type PlaceFacts } from './ace-facts.js';
import { OWNER_WAIT_MS, type AceAnswer } from './ace-world.js';

/** What an action that nobody comes between is answered with, and the types of all events that it appends, at whatever stream. */
export interface Expected {
  readonly answer: AceAnswer;
  readonly events: readonly string[];
}

const done = (...events: string[]): Expected => ({ answer: 'done', events });
const refused = (answer: AceAnswer, ...events: string[]): Expected => ({ answer, events });

/** What the rules make of an action, from the facts. */
export class AceModel {
  constructor(private readonly facts: AceFacts) {}

  /** null: where somebody was erased, which other tests tell all of. */
  expect(action: AceAction, application: ApplicationFacts | undefined, now: number): Expected | null {
    if (action.do === 'erase') return null;
    if ('who' in action && this.facts.people.get(action.who)!.erased) return null;
    switch (action.do) {
      case 'tell':
        return this.tell(action);
      case 'sync':
        return this.sync(action, now);
      case 'submit':
        return this.submit(action.who, action.number, now);
      case 'suspend':
      case 'reinstate':
      case 'signIn':
        return this.door(action.do, action.who);
      case 'grant':
        return this.facts.trade.has(action.number) ? done('UserAccessGranted') : done();
      case 'revoke': {
        const trade = this.facts.trade.get(action.number);
        return trade?.users.has(action.who) && trade.owner !== action.who
          ? done('UserAccessRevoked')
          : done();
      }
      default:
        return application ? this.ofApplication(action, application, now) : null;
    }
  }

  private tell({ legacy, status, password, gives }: Extract<AceAction, { do: 'tell' }>): Expected {
    const known = this.facts.legacy.get(legacy);
    if (!known) return done('LegacyAccountImported');
    const told = (all: readonly Given[]) =>
      JSON.stringify(all.map(({ number, owner, permissions }) => [number, owner, permissions]));
    const isSame =
      known.status === status && known.password === password && told(known.gives) === told(gives);
    return isSame ? done() : done('LegacyAccountChanged');
  }

  private sync({ who, legacy, right }: Extract<AceAction, { do: 'sync' }>, now: number): Expected {
    const person = this.facts.people.get(who)!;
    const known = this.facts.legacy.get(legacy);
    if (person.synced && person.synced.legacy !== legacy) return refused('AlreadySynced');
    if (!known || now < known.shutUntil) return refused('LegacySyncRefused');
    if (!right) return refused('LegacySyncRefused', 'LegacyCredentialRefused');
    if (known.claimedBy !== null && known.claimedBy !== who) return refused('LegacyAccountUsed');
    const claimed = known.claimedBy === null ? ['LegacyAccountClaimed'] : [];
    if (!person.synced && known.status !== 'Active') return refused('LegacyAccountNotInGoodStanding');
    if (!person.synced && person.suspended) return refused('AccountShut', ...claimed);
    const sync = person.synced ?? { legacy, gives: known.gives, version: known.version };
    const synced = person.synced ? [] : ['LegacySynced'];
    if (person.broughtOver) return done(...claimed, ...synced);
    const brought = sync.gives.flatMap((given) => this.bringOver(who, given, sync.version));
    return done(...claimed, ...synced, ...brought, 'LegacyAccessBroughtOver');
  }

  private bringOver(who: Who, { number, owner, permissions }: Given, version: number): string[] {
    const trade = this.facts.trade.get(number);
    if (!trade) return ['TradeAccountOpened', 'UserAccessGranted'];
    const word = trade.words.get(who) ?? { heard: null, here: false };
    if (word.heard !== null && word.heard >= version) return [];
    if (word.here && !trade.users.has(who)) return [];
    const isHeld = word.heard !== null && trade.users.get(who) === text(permissions);
    const granted = isHeld ? [] : ['UserAccessGranted'];
    if (!owner || trade.owner === who) return granted;
    if (trade.owner === null) return ['AccountOwnerNamed', ...granted];
    const isUser = trade.words.has(who) && !word.here;
    return trade.replaced && !isUser ? [] : granted;
  }

  private submit(
    applicant: Who,
    number: Extract<AceAction, { do: 'submit' }>['number'],
    now: number,
  ): Expected {
    const { trade: trades, places, applications } = this.facts;
    const trade = trades.get(number);
    if (!trade) return refused('TradeAccountMismatch');
    const of = ({ id }: PlaceFacts) => applications.find((one) => one.id === id);
    const isOver = (place: PlaceFacts) =>
      of(place) ? of(place)!.status === 'Closed' : now >= place.at + 10 * MINUTE;
    const standsAside = (place: PlaceFacts) =>
      isOver(place) ||
      (of(place) !== undefined && (of(place)!.answer === 'Objected' || of(place)!.from !== trade.owner));
    const own = places.get(applicant) ?? [];
    const owns = own.filter(isOver).map(() => 'ReplacementPlaceFreed');
    if (own.length - owns.length >= 20) return refused('TooManyApplications');
    const all = places.get(number) ?? [];
    const alls = all.filter(standsAside).map(() => 'ReplacementPlaceFreed');
    const taken = 'ReplacementPlaceTaken';
    if (all.length - alls.length >= 5) {
      return refused('TradeAccountContested', ...owns, taken, 'ReplacementPlaceFreed');
    }
    return done(...owns, taken, ...alls, taken, 'OwnerReplacementSubmitted');
  }

  private door(what: 'suspend' | 'reinstate' | 'signIn', who: Who): Expected {
    const { suspended, sessions } = this.facts.people.get(who)!;
    if (what === 'suspend') return suspended ? refused('AlreadySuspended') : done('AccountSuspended');
    if (what === 'reinstate') return suspended ? done('AccountReinstated') : refused('NotSuspended');
    return !suspended && sessions < SESSIONS_MAX ? done('LoginSucceeded') : done();
  }

  private ofApplication(action: AceAction, application: ApplicationFacts, now: number): Expected | null {
    const { status, answer, applicant, from } = application;
    const isClosed = status === 'Closed' || status === 'Approved';
    if (action.do === 'consent' || action.do === 'object') {
      if (isClosed) return refused('ApplicationClosed');
      const [said, type] =
        action.do === 'consent'
          ? (['Consented', 'OwnerConsented'] as const)
          : (['Objected', 'OwnerObjected'] as const);
      return answer === said ? done() : done(type);
    }
    if (action.do === 'withdraw') {
      if (applicant !== action.who) return refused('ApplicationUnknown');
      return isClosed ? refused('ApplicationClosed') : done('OwnerReplacementWithdrawn');
    }
    if (!('by' in action)) return null;
    if (applicant === action.by || from === action.by) return refused('OwnApplication');
    if (isClosed) return refused('ApplicationClosed');
    if (action.do === 'take')
      return status === 'InReview' ? refused('ReviewStarted') : this.taken(application);
    if (status !== 'InReview') return refused('ReviewNotStarted');
    if (action.do === 'return') return done('OwnerReplacementReturned');
    if (action.do === 'reject') return done('OwnerReplacementRejected');
    return this.approve(action.by, application, now);
  }

  private taken({ heir }: ApplicationFacts): Expected {
    const hasLogin = !this.facts.people.get(heir)!.erased;
    return done('ReviewStarted', ...(hasLogin ? [] : ['NewOwnerInvited']));
  }

  private approve(
    by: string,
    { number, from, heir, answer, submittedAt, approvedBy }: ApplicationFacts,
    now: number,
  ): Expected {
    if (answer === 'Objected') return refused('OwnerObjects');
    if (answer === null && now < submittedAt + OWNER_WAIT_MS) return refused('WaitNotOver');
    const { erased, suspended } = this.facts.people.get(heir)!;
    if (erased) return refused('NewOwnerWithoutLogin');
    if (heir === by) return refused('OwnApplication');
    if (heir === from) return refused('AlreadyOwner');
    if (suspended) return refused('NewOwnerSuspended');
    const approved = approvedBy.has(by) ? [] : ['OwnerReplacementApproved'];
    const isStale = this.facts.trade.get(number)!.owner !== from;
    if (isStale) return refused('OwnerChanged', ...approved, 'OwnerReplacementSuperseded');
    if (approvedBy.size + approved.length < 2) return done(...approved);
    const former = from === null ? undefined : this.facts.people.get(from as Who);
    const ended = former && !former.erased ? Array<string>(former.sessions).fill('SessionEnded') : [];
    const revoked = from === null ? [] : ['UserAccessRevoked'];
    const moved = ['AccountOwnerReplaced', ...revoked, 'UserAccessGranted'];
    return done(...approved, ...moved, ...ended, 'OwnerReplacementCompleted');
  }
}
