import { DomainError } from '../domain/domain-error.js';
import {
  ownerReplacementDecider,
  type OwnerReplacement,
} from '../domain/owner-replacement/owner-replacement.js';
import {
  freePlace,
  isOver,
  PLACES_OF_APPLICANT,
  PLACES_OF_TRADE_ACCOUNT,
  replacementPlacesDecider,
  standsAside,
  takePlace,
  type Place,
  type ReplacementPlacesDecision,
} from '../domain/replacement-places/replacement-places.js';
import type { CommandContext, Streams } from '../engine/streams.js';
import type { Clock, Ids } from '../ports.js';

/** Whose application it is, and for which trade account, with its owner as of now. */
export interface Claimant {
  readonly applicationId: string;
  readonly applicantId: string;
  readonly tradeAccountId: string;
  readonly owner: string | null;
}

const FREED_MEANWHILE_MAX = 3;

/** Bounds how many applications are open, by places taken before an application is submitted. Nobody gives a place back: whoever
 *  finds none left looks which are needed no more. So nothing is lost to a crash between taking a place and what comes after. */
export class PlacesForReplacements {
  constructor(
    private readonly streams: Streams,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Takes a place with the applicant, and one with the trade account; again for the same application changes nothing. Throws
   *  `TooManyApplications` (of this applicant), `TradeAccountContested`. */
  async take(
    { applicationId, applicantId, tradeAccountId, owner }: Claimant,
    context: CommandContext,
  ): Promise<void> {
    await this.takeOne(
      applicantId,
      (over) => takePlace(applicationId, over, PLACES_OF_APPLICANT, 'TooManyApplications'),
      isOver,
      context,
    );
    try {
      await this.takeOne(
        tradeAccountId,
        (over) => takePlace(applicationId, over, PLACES_OF_TRADE_ACCOUNT, 'TradeAccountContested'),
        (application, place, now) => standsAside(application, place, owner, now),
        context,
      );
    } catch (error) {
      if (error instanceof DomainError) await this.decide(applicantId, freePlace(applicationId), context);
      throw error;
    }
  }

  private async takeOne(
    holderId: string,
    decisionWithout: (over: ReadonlySet<string>) => ReplacementPlacesDecision,
    isFree: (application: OwnerReplacement, place: Place, now: number) => boolean,
    context: CommandContext,
  ): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { state: places, revision } = await this.streams.read(replacementPlacesDecider, holderId);
      const over = await this.needless(places, isFree);
      try {
        await this.decide(holderId, decisionWithout(over), context);
        return;
      } catch (error) {
        const now = await this.streams.read(replacementPlacesDecider, holderId);
        // Others came in between, who may have left by now.
        if (!(error instanceof DomainError) || now.revision === revision || attempt >= FREED_MEANWHILE_MAX) {
          throw error;
        }
      }
    }
  }

  private async needless(
    places: readonly Place[],
    isFree: (application: OwnerReplacement, place: Place, now: number) => boolean,
  ): Promise<ReadonlySet<string>> {
    const now = this.clock.now();
    const free = await Promise.all(
      places.map(async (place) => {
        const { state } = await this.streams.read(ownerReplacementDecider, place.applicationId);
        return isFree(state, place, now) ? [place.applicationId] : [];
      }),
    );
    return new Set(free.flat());
  }

  /** Under an id of its own each time: a place that was taken, and freed since, is to be taken anew by the same request. */
  private decide(holderId: string, decision: ReplacementPlacesDecision, context: CommandContext) {
    const { fingerprint: _, ifRevision: __, ...about } = context;
    const commandId = this.ids.next();
    return this.streams.decide(replacementPlacesDecider, holderId, decision, { ...about, commandId });
  }
}
