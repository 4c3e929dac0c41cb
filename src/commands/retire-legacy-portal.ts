import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  LEGACY_PORTAL_ID,
  legacyPortalDecider,
  type LegacyPortal,
  type LegacyPortalDecision,
} from '../domain/legacy-portal/legacy-portal.js';
import {
  announceRetirement,
  callOffRetirement,
  madeKnown,
  retire,
} from '../domain/legacy-portal/retirement.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import type { Instant } from '../ports.js';

export type RetirementStep =
  | { readonly step: 'announce'; readonly retiresAt: Instant }
  | { readonly step: 'madeKnown'; readonly notice: number }
  | { readonly step: 'callOff' }
  | { readonly step: 'retire' };

/** One step towards the end of the legacy portal, or back. Throws what the decisions refuse. */
export class RetireLegacyPortal {
  constructor(
    readonly step: RetirementStep,
    readonly context: CommandContext,
  ) {}
}

export interface RetirementOutcome {
  readonly portal: LegacyPortal;
  /** False when it was so before. */
  readonly changed: boolean;
}

@CommandHandler(RetireLegacyPortal)
export class RetireLegacyPortalHandler implements ICommandHandler<RetireLegacyPortal, RetirementOutcome> {
  constructor(private readonly streams: Streams) {}

  async execute({ step, context }: RetireLegacyPortal): Promise<RetirementOutcome> {
    const decision = decisionOf(step);
    const decided = await this.streams.decide(legacyPortalDecider, LEGACY_PORTAL_ID, decision, context);
    return { portal: decided.state, changed: decided.events.length > 0 };
  }
}

function decisionOf(step: RetirementStep): LegacyPortalDecision {
  switch (step.step) {
    case 'announce':
      return announceRetirement(step.retiresAt);
    case 'madeKnown':
      return madeKnown(step.notice);
    case 'callOff':
      return callOffRetirement();
    case 'retire':
      return retire();
  }
}
