import { z } from 'zod';
import type { Decider, Decision } from '../decider.js';
import { DomainError } from '../domain-error.js';
import { defineEvents } from '../events.js';
import type { OwnerReplacement } from '../owner-replacement/owner-replacement.js';

const applicationId = z.string().min(1).max(64);

/** So many applications of one account may be open at a time, and so many for one trade account. */
export const PLACES_OF_APPLICANT = 20;
export const PLACES_OF_TRADE_ACCOUNT = 5;

/** A request takes its place first and submits then, at once: after so long it never will. */
export const SUBMITTED_WITHIN_MS = 10 * 60_000;

export const replacementPlaceEvents = defineEvents({
  ReplacementPlaceTaken: { applicationId },
  ReplacementPlaceFreed: { applicationId },
});

/** Places taken by applications to replace an account owner. Not all of those applications need to be open still. */
export type ReplacementPlaces = readonly Place[];

export interface Place {
  readonly applicationId: string;
  readonly takenAt: number;
}

/** One stream for each account that applies, and one for each trade account: `replacementPlaces-<id of either>`. */
export const replacementPlacesDecider: Decider<typeof replacementPlaceEvents, ReplacementPlaces> = {
  category: 'replacementPlaces',
  events: replacementPlaceEvents,
  initial: [],
  evolve(places, event, at) {
    const others = places.filter((place) => place.applicationId !== event.data.applicationId);
    switch (event.type) {
      case 'ReplacementPlaceTaken':
        return [...others, { applicationId: event.data.applicationId, takenAt: at }];
      case 'ReplacementPlaceFreed':
        return others;
      default:
        event satisfies never;
        return places;
    }
  },
};

export type ReplacementPlacesDecision = Decision<typeof replacementPlaceEvents, ReplacementPlaces>;

/** `over`: applications that need their places no more. Throws `code` where none is left. */
export const takePlace =
  (
    applicationId: string,
    over: ReadonlySet<string>,
    placesMax: number,
    code: 'TooManyApplications' | 'TradeAccountContested',
  ): ReplacementPlacesDecision =>
  (places) => {
    if (places.some((place) => place.applicationId === applicationId)) return [];
    const freed = places.filter((place) => over.has(place.applicationId));
    if (places.length - freed.length >= placesMax) {
      throw new DomainError(code, `There are ${placesMax} open applications already.`);
    }
    return [
      ...freed.map((place) => freedPlace(place.applicationId)),
      { type: 'ReplacementPlaceTaken', data: { applicationId } },
    ];
  };

export const freePlace =
  (applicationId: string): ReplacementPlacesDecision =>
  (places) =>
    places.some((place) => place.applicationId === applicationId) ? [freedPlace(applicationId)] : [];

const freedPlace = (applicationId: string) =>
  ({ type: 'ReplacementPlaceFreed', data: { applicationId } }) as const;

/** Whether its applicant may have another one in its place: it is closed, or never came. Neither changes any more. */
export function isOver(application: OwnerReplacement, { takenAt }: Place, now: number): boolean {
  return application.status === 'Unknown'
    ? now >= takenAt + SUBMITTED_WITHIN_MS
    : !['Submitted', 'InReview', 'Approved'].includes(application.status);
}

/** Whether it keeps nobody else from applying for its trade account. The owner's objection does that too, lest strangers take every
 *  place; and so does another owner than the one it is to replace. */
export const standsAside = (
  application: OwnerReplacement,
  place: Place,
  owner: string | null,
  now: number,
): boolean =>
  isOver(application, place, now) ||
  (application.status !== 'Unknown' &&
    (application.ownerAnswer?.answer === 'Objected' || application.from !== owner));
