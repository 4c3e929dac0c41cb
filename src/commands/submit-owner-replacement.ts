import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { refuseIfAny } from '../domain/account/input-rules.js';
import { DomainError } from '../domain/domain-error.js';
import type { Designation } from '../domain/owner-replacement/events.js';
import {
  applicationMistakes,
  letterMistakes,
  written,
  type TypedApplication,
  type TypedLetter,
} from '../domain/owner-replacement/form.js';
import { ownerReplacementDecider } from '../domain/owner-replacement/owner-replacement.js';
import { refuseUnlessReturned, submit, type Submission } from '../domain/owner-replacement/submission.js';
import type { TradeAccountType } from '../domain/trade-account/events.js';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';
import { ClientLimits, Clock } from '../ports.js';
import { PlacesForReplacements } from './replacement-places.js';
import { TradeAccounts } from './trade-accounts.js';

/** Form A, or Form B. */
export type TypedForm = (
  ({ readonly form: 'A' } & TypedApplication) | ({ readonly form: 'B' } & TypedLetter)
) & {
  /** The returned application which this one corrects. */
  readonly corrects?: string;
};

/** An account that applies, or a member of the ACE Application team who enters what somebody e-mailed. */
export type SubmittedBy =
  { readonly applicantId: string } | { readonly enteredBy: string; readonly applicantEmail: string };

/** Somebody asks for another owner of a trade account. The current owner is told by mail. */
export class SubmitOwnerReplacement {
  constructor(
    readonly input: TypedForm,
    readonly by: SubmittedBy,
    readonly context: CommandContext,
  ) {}
}

export interface SubmittedApplication extends Current<unknown> {
  readonly applicationId: string;
}

@CommandHandler(SubmitOwnerReplacement)
export class SubmitOwnerReplacementHandler implements ICommandHandler<
  SubmitOwnerReplacement,
  SubmittedApplication
> {
  constructor(
    private readonly streams: Streams,
    private readonly tradeAccounts: TradeAccounts,
    private readonly places: PlacesForReplacements,
    private readonly limits: ClientLimits,
    private readonly clock: Clock,
  ) {}

  /** Throws `InvalidInput` with every mistake, `TradeAccountMismatch`, `CorrectionUnknown`, `TooManyApplications`,
   *  `TradeAccountContested`, `TooManyRequests`. */
  async execute({ input, by, context }: SubmitOwnerReplacement): Promise<SubmittedApplication> {
    const now = this.clock.now();
    refuseIfAny(input.form === 'A' ? applicationMistakes(input, now) : letterMistakes(input, now));
    // Also what is refused next counts: nobody tries out which numbers have a trade account.
    await this.limits.spend(context.clientKey ?? 'unknown');
    const application = kept(input);
    const tradeAccountId = this.tradeAccounts.idOf(application.type, input.number);
    const { state } = await this.streams.read(tradeAccountDecider, tradeAccountId);
    if (state.status !== 'Open') {
      throw new DomainError('TradeAccountMismatch', 'No trade account of this type has this number.');
    }
    const owner = state.owner === null ? {} : { from: state.owner };
    const corrects = input.corrects === undefined ? {} : { corrects: input.corrects };
    const submission: Submission = { tradeAccountId, ...owner, ...by, ...application, ...corrects };
    return this.decide(submission, state.owner, context);
  }

  private async decide(submission: Submission, owner: string | null, context: CommandContext) {
    const applicationId = context.commandId;
    const { applicantId, tradeAccountId } = submission;
    const done = await this.streams.done(ownerReplacementDecider, applicationId, context);
    if (done) return { applicationId, ...done };
    await this.refuseUnlessReturned(submission);
    // What the ACE Application team enters is never in the way of others, nor they in its.
    if (applicantId !== undefined) {
      await this.places.take({ applicationId, applicantId, tradeAccountId, owner }, context);
    }
    const decision = submit(submission);
    const decided = await this.streams.decide(ownerReplacementDecider, applicationId, decision, context);
    return { applicationId, ...decided };
  }

  private async refuseUnlessReturned(submission: Submission): Promise<void> {
    const { corrects, applicantId, enteredBy, tradeAccountId } = submission;
    if (corrects === undefined) return;
    const { state } = await this.streams.read(ownerReplacementDecider, corrects);
    refuseUnlessReturned(state, applicantId ?? enteredBy ?? '', tradeAccountId);
  }
}

/** The form without what was left empty; its rules have seen to what must be there. */
function kept(input: TypedForm) {
  const type = input.type.trim() as TradeAccountType;
  const common = { form: input.form, type, number: input.number.trim(), newOwner: written(input.newOwner) };
  if (input.form === 'A') return { ...common, designation: input.designation.trim() as Designation };
  const corporate = written(input.corporate);
  return {
    ...common,
    corporate: { ...corporate, state: corporate.state.toUpperCase() },
    justification: input.justification.trim(),
  };
}
