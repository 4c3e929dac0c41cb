import { v5 } from 'uuid';
import { accountDecider } from '../domain/account/account.js';
import { endAllSessions } from '../domain/account/sessions.js';
import { DomainError } from '../domain/domain-error.js';
import {
  ownerReplacementDecider,
  type Application,
  type OwnerReplacementDecision,
} from '../domain/owner-replacement/owner-replacement.js';
import { complete, supersede } from '../domain/owner-replacement/review.js';
import { submitted } from '../domain/owner-replacement/submission.js';
import { replaceOwner } from '../domain/trade-account/access.js';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import type { CommandContext, Streams } from '../engine/streams.js';

const NAMESPACE = 'd4b0a3c6-5c0f-4a35-9a3d-8f2a7c1b6e90';

/** What follows from approvals: the trade account's stream says who owns it, then the application says what became of it. Every step
 *  may be done again, by whoever finds it undone. */
export class ReplacementSettlement {
  constructor(private readonly streams: Streams) {}

  /** Returns the application as it stands afterwards. */
  async settle(applicationId: string, context: CommandContext): Promise<Application> {
    const { state } = await this.streams.read(ownerReplacementDecider, applicationId);
    const application = submitted(state);
    if (application.status === 'Approved') return this.replace(applicationId, application, context);
    if (application.status === 'InReview' && !(await this.stillOwns(application))) {
      return this.close(applicationId, supersede(), context);
    }
    return application;
  }

  private async replace(
    applicationId: string,
    { tradeAccountId, from, approvals }: Application,
    context: CommandContext,
  ): Promise<Application> {
    const { to } = approvals[0]!;
    const about = follows(context, applicationId, 'replace');
    try {
      const decision = replaceOwner({ from, to, applicationId });
      await this.streams.decide(tradeAccountDecider, tradeAccountId, decision, about);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'OwnerChanged') throw error;
      return this.close(applicationId, supersede(), context);
    }
    if (from !== null) {
      const ended = endAllSessions('AccountOwnerReplaced');
      await this.streams.decide(accountDecider, from, ended, follows(context, applicationId, 'end sessions'));
    }
    return this.close(applicationId, complete(), context);
  }

  private async stillOwns({ tradeAccountId, from }: Application): Promise<boolean> {
    const { state } = await this.streams.read(tradeAccountDecider, tradeAccountId);
    return state.status === 'Open' && state.owner === from;
  }

  private async close(
    applicationId: string,
    decision: OwnerReplacementDecision,
    context: CommandContext,
  ): Promise<Application> {
    const about = follows(context, applicationId, 'close');
    const { state } = await this.streams.decide(ownerReplacementDecider, applicationId, decision, about);
    return submitted(state);
  }
}

/** The same id whoever does the step, so that a second time is known for what it is. */
const follows = (
  { actor, correlationId, commandId, clientKey }: CommandContext,
  applicationId: string,
  step: string,
): CommandContext => ({
  commandId: v5(`${applicationId} ${step}`, NAMESPACE),
  actor,
  correlationId,
  causationId: commandId,
  ...(clientKey !== undefined && { clientKey }),
});
