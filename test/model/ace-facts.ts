import type { Envelope } from '../../src/engine/envelope.js';
import type { Given, Legacy, LegacyStatus, Number, Who } from './ace-actions.js';

export interface LegacyFacts {
  status: LegacyStatus;
  password: string;
  gives: readonly Given[];
  version: number;
  claimedBy: string | null;
  shutUntil: number;
}
export interface PersonFacts {
  erased: boolean;
  suspended: boolean;
  sessions: number;
  synced: { readonly legacy: Legacy; readonly gives: readonly Given[]; readonly version: number } | null;
  broughtOver: boolean;
}
export interface TradeFacts {
  owner: string | null;
  replaced: boolean;
  /** Permissions as one text. */
  users: Map<string, string>;
  words: Map<string, { readonly heard: number | null; readonly here: boolean }>;
}
export interface ApplicationFacts {
  readonly id: string;
  readonly number: Number;
  readonly applicant: string;
  readonly from: string | null;
  readonly heir: Who;
  readonly submittedAt: number;
  status: 'Submitted' | 'InReview' | 'Approved' | 'Closed';
  answer: 'Consented' | 'Objected' | null;
  approvedBy: Set<string>;
}
export interface PlaceFacts {
  readonly id: string;
  readonly at: number;
}

type Data = Record<string, unknown>;
export const text = (permissions: unknown): string => [...(permissions as string[])].sort().join(' ');

/** What is so, told by the events alone: read once more, with no knowledge of the service's own folds. `nameOf` turns the hashes
 *  that streams are named by into the words of the story. */
export class AceFacts {
  readonly legacy = new Map<Legacy, LegacyFacts>();
  readonly people = new Map<Who, PersonFacts>();
  readonly trade = new Map<Number, TradeFacts>();
  readonly applications: ApplicationFacts[] = [];
  readonly places = new Map<string, PlaceFacts[]>();

  constructor(private readonly nameOf: (id: string) => string) {}

  apply({ stream, type, data, meta }: Envelope): void {
    const hyphen = stream.indexOf('-');
    const name = this.nameOf(stream.slice(hyphen + 1));
    switch (stream.slice(0, hyphen)) {
      case 'legacyAccount':
        return this.applyLegacy(name as Legacy, type, data);
      case 'account':
        return this.applyPerson(name as Who, type, data);
      case 'tradeAccount':
        return this.applyTrade(name as Number, type, data);
      case 'ownerReplacement':
        return this.applyApplication(name, type, data, meta.at);
      case 'replacementPlaces':
        return this.applyPlace(name, type, data.applicationId as string, meta.at);
    }
  }

  private applyLegacy(name: Legacy, type: string, data: Data): void {
    const before = this.legacy.get(name);
    if (type === 'LegacyAccountImported' || type === 'LegacyAccountChanged') {
      const password = data.passwordHash as string;
      this.legacy.set(name, {
        ...{ status: data.status as LegacyStatus, password, gives: data.tradeAccounts as Given[] },
        version: (before?.version ?? 0) + 1,
        claimedBy: before?.claimedBy ?? null,
        shutUntil: before?.password === password ? before.shutUntil : 0,
      });
    }
    if (type === 'LegacyCredentialRefused') {
      const shut = data.shut as { until?: number } | undefined;
      if (shut) before!.shutUntil = shut.until ?? Infinity;
    }
    if (type === 'LegacyAccountClaimed') before!.claimedBy = data.accountId as string;
    if (type === 'LegacyClaimReleased') before!.claimedBy = null;
  }

  private applyPerson(who: Who, type: string, data: Data): void {
    const fresh = { erased: false, suspended: false, sessions: 0, synced: null, broughtOver: false };
    if (type === 'AccountRegistered') this.people.set(who, fresh);
    const person = this.people.get(who)!;
    if (type === 'LoginSucceeded') person.sessions += 1;
    if (type === 'SessionEnded') person.sessions -= 1;
    if (type === 'AccountSuspended') Object.assign(person, { suspended: true, sessions: 0 });
    if (type === 'AccountReinstated') person.suspended = false;
    if (type === 'PersonErased') person.erased = true;
    if (type === 'LegacyAccessBroughtOver') person.broughtOver = true;
    if (type === 'LegacySynced') {
      const legacy = this.nameOf(data.legacyAccountId as string) as Legacy;
      person.synced = { legacy, gives: data.tradeAccounts as Given[], version: data.version as number };
    }
  }

  private applyTrade(number: Number, type: string, data: Data): void {
    if (type === 'TradeAccountOpened') {
      const owner = (data.owner as string | undefined) ?? null;
      this.trade.set(number, { owner, replaced: false, users: new Map(), words: new Map() });
      return;
    }
    const trade = this.trade.get(number)!;
    if (type === 'AccountOwnerNamed') trade.owner = data.owner as string;
    if (type === 'AccountOwnerReplaced') Object.assign(trade, { owner: data.to, replaced: true });
    if (type !== 'UserAccessGranted' && type !== 'UserAccessRevoked') return;
    const who = data.accountId as string;
    if (type === 'UserAccessGranted') trade.users.set(who, text(data.permissions));
    else trade.users.delete(who);
    const heard = (data.legacyVersion as number | undefined) ?? trade.words.get(who)?.heard ?? null;
    trade.words.set(who, { heard, here: data.legacyVersion === undefined });
  }

  private applyApplication(id: string, type: string, data: Data, at: number): void {
    if (type === 'OwnerReplacementSubmitted') {
      const { email } = data.newOwner as { email: string };
      this.applications.push({
        ...{ id, number: this.nameOf(data.tradeAccountId as string) as Number, submittedAt: at },
        ...{ applicant: data.applicantId as string, from: (data.from as string | undefined) ?? null },
        ...{ heir: email.split('@')[0] as Who, status: 'Submitted', answer: null, approvedBy: new Set() },
      });
      return;
    }
    const application = this.applications.find((one) => one.id === id)!;
    if (type === 'OwnerConsented') application.answer = 'Consented';
    if (type === 'OwnerObjected') application.answer = 'Objected';
    if (type === 'ReviewStarted') application.status = 'InReview';
    if (type === 'OwnerReplacementApproved') {
      application.approvedBy.add(data.reviewerId as string);
      if (application.approvedBy.size === 2) application.status = 'Approved';
    }
    if (/Returned|Rejected|Withdrawn|Completed|Superseded/.test(type)) application.status = 'Closed';
  }

  private applyPlace(holder: string, type: string, id: string, at: number): void {
    const others = (this.places.get(holder) ?? []).filter((place) => place.id !== id);
    this.places.set(holder, type === 'ReplacementPlaceTaken' ? [...others, { id, at }] : others);
  }
}
