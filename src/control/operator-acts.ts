import type { CommandBus } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Emails } from '../commands/emails.js';
import type { LegacyDirectory } from '../commands/legacy-directory.js';
import { GrantRole } from '../commands/grant-role.js';
import { InviteStaff, type StaffInvitation } from '../commands/invite-staff.js';
import {
  RetireLegacyPortal,
  type RetirementOutcome,
  type RetirementStep,
} from '../commands/retire-legacy-portal.js';
import { RevokeRole } from '../commands/revoke-role.js';
import { isEmailAddress } from '../domain/email/address.js';
import type { LiveProjections } from '../engine/live-projections.js';
import { GivenUp } from '../engine/projection.js';
import type { Reactor } from '../engine/reactor.js';
import type { CommandContext } from '../engine/streams.js';
import type { Ids, LegacySecrets } from '../ports.js';
import {
  ActRefused,
  acts,
  type ActInput,
  type ActName,
  type ActResults,
  type InvitedStaff,
  type LegacyRetirementChanged,
  type Progress,
  type RoleChanged,
  type ServiceStatus,
} from './acts.js';
import { LegacyImporter } from './import-legacy.js';

/** A view that takes longer to open is in trouble, which a rebuild may well end. */
const OPENING_MS = 5_000;

/** What the acts work on. */
export interface ActParts {
  readonly mode: string;
  readonly commands: Pick<CommandBus, 'execute'>;
  readonly emails: Pick<Emails, 'accountOf' | 'keyOf'>;
  readonly live: LiveProjections;
  readonly reactor: Pick<Reactor, 'retry' | 'states'>;
  readonly ids: Ids;
  readonly legacyDirectory: Pick<LegacyDirectory, 'expect' | 'take'>;
  readonly legacySecrets: Pick<LegacySecrets, 'mistakeIn'>;
  /** False: mail waits until there is a mail server. */
  readonly canMail: boolean;
  /** Rebuilds views beside the live ones. */
  readonly rebuild: (
    names: readonly string[],
    onProgress: (done: number, total: number) => void,
    signal: AbortSignal,
  ) => Promise<void>;
}

/** Who asks, and what they still want to hear. */
export interface ActRun {
  /** The operating system's name of the operator. */
  readonly user: string;
  readonly onProgress: (progress: Progress) => void;
  /** Nobody waits for the result any more. */
  readonly signal: AbortSignal;
}

type Performers = { [A in ActName]: (input: ActInput<A>, run: ActRun) => Promise<ActResults[A]> };

/** What an operator has done by the command line, beside the running service or in its place. */
export class OperatorActs {
  private rebuilding = false;

  constructor(private readonly parts: ActParts) {}

  /** Throws `ActRefused` for input that cannot be right and for what cannot be done now, and what the commands throw. */
  async perform<A extends ActName>(act: A, input: unknown, run: ActRun): Promise<ActResults[A]> {
    const parsed = acts[act].safeParse(input);
    if (!parsed.success) throw new ActRefused('InvalidInput', z.prettifyError(parsed.error));
    const performer = this.performers[act] as (input: unknown, run: ActRun) => Promise<ActResults[A]>;
    return performer(parsed.data, run);
  }

  private readonly performers: Performers = {
    status: async () => this.status(),
    inviteStaff: (input, run) => this.inviteStaff(input, run),
    grantRole: (input, run) => this.changeRole(GrantRole, input, run),
    revokeRole: (input, run) => this.changeRole(RevokeRole, input, run),
    retry: ({ name, stream }) => this.retry(name, stream),
    rebuild: ({ names }, run) => this.rebuild(names, run),
    importLegacy: (paths, { user, ...run }) => {
      const { legacyDirectory, legacySecrets } = this.parts;
      const importer = new LegacyImporter(legacyDirectory, legacySecrets, this.context(user));
      return importer.run({ ...paths, ...run });
    },
    announceLegacyRetirement: ({ retiresAt }, run) => this.retirement({ step: 'announce', retiresAt }, run),
    callOffLegacyRetirement: (_, run) => this.retirement({ step: 'callOff' }, run),
    retireLegacyPortal: (_, run) => this.retirement({ step: 'retire' }, run),
  };

  private status(): ServiceStatus {
    const { mode, live, reactor } = this.parts;
    const failing = [...live.states(), ...reactor.states()].flatMap(({ name, failure }) =>
      failure === null ? [] : [[name, failure] as const],
    );
    return { processId: process.pid, mode, failures: Object.fromEntries(failing) };
  }

  private async inviteStaff(
    { mailOnly, ...person }: ActInput<'inviteStaff'>,
    { user }: ActRun,
  ): Promise<InvitedStaff> {
    const { canMail, commands } = this.parts;
    if (mailOnly && !canMail) {
      throw new ActRefused('NoMailServer', 'No mail server is set (SMTP_URL), so the link cannot be mailed.');
    }
    const command = new InviteStaff(person, this.context(user));
    const invitation = await commands.execute<InviteStaff, StaffInvitation>(command);
    return { ...invitation, mailed: canMail };
  }

  private async changeRole(
    Change: typeof GrantRole | typeof RevokeRole,
    { account, role, reason }: ActInput<'grantRole'>,
    { user }: ActRun,
  ): Promise<RoleChanged> {
    const accountId = await this.accountId(account);
    const command = new Change(accountId, role, reason, this.context(user));
    const changed = await this.parts.commands.execute<GrantRole | RevokeRole, boolean>(command);
    return { accountId, role, changed };
  }

  private async retirement(step: RetirementStep, { user }: ActRun): Promise<LegacyRetirementChanged> {
    const { canMail, commands } = this.parts;
    const command = new RetireLegacyPortal(step, this.context(user));
    const { changed } = await commands.execute<RetireLegacyPortal, RetirementOutcome>(command);
    return { changed, mailed: canMail };
  }

  private async accountId(account: string): Promise<string> {
    if (!isEmailAddress(account)) return account;
    const { emails } = this.parts;
    const found = await emails.accountOf(emails.keyOf(account));
    if (found === null) throw new ActRefused('AccountUnknown', 'No account has this e-mail address.');
    return found;
  }

  private async retry(name: string, stream: string): Promise<ActResults['retry']> {
    const { live, reactor } = this.parts;
    if (this.projections.includes(name)) return { parked: await live.refold(name, stream) };
    if (!reactor.states().some((reaction) => reaction.name === name)) throw this.unknown(name);
    try {
      await reactor.retry(name, stream);
    } catch (error) {
      if (error instanceof GivenUp) throw new ActRefused('GivenUp', error.message);
      throw error;
    }
    return { parked: null };
  }

  private async rebuild(wanted: readonly string[], run: ActRun): Promise<ActResults['rebuild']> {
    const stranger = wanted.find((name) => !this.projections.includes(name));
    if (stranger !== undefined) throw this.unknown(stranger);
    if (this.rebuilding) {
      throw new ActRefused('Rebuilding', 'Another rebuild is under way. Wait until it has ended.');
    }
    const names = wanted.length > 0 ? [...new Set(wanted)] : this.projections;
    const startedAt = performance.now();
    let events = 0;
    const onProgress = (done: number, total: number) => {
      events = done;
      run.onProgress({ done, total });
    };
    this.rebuilding = true;
    try {
      // While a view is being opened, a copy that is being built would pass for what a crash left, and go.
      await Promise.all(names.map((each) => this.parts.live.waitFor(each, '', OPENING_MS)));
      await this.parts.rebuild(names, onProgress, run.signal);
    } finally {
      this.rebuilding = false;
    }
    return { names, events, ms: Math.round(performance.now() - startedAt) };
  }

  private get projections(): string[] {
    return this.parts.live.states().map(({ name }) => name);
  }

  private unknown(name: string): ActRefused {
    const reactions = this.parts.reactor.states().map((reaction) => reaction.name);
    const known = `Projections: ${this.projections.join(', ')}. Reactions: ${reactions.join(', ')}.`;
    return new ActRefused('UnknownName', `There is nothing called ${name} here. ${known}`);
  }

  private context(user: string): CommandContext {
    const commandId = this.parts.ids.next();
    const actor = { kind: 'operator', id: user, role: null } as const;
    return { commandId, actor, correlationId: commandId, causationId: commandId };
  }
}
