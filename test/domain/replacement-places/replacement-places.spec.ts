import {
  ownerReplacementDecider,
  type OwnerReplacement,
} from '../../../src/domain/owner-replacement/owner-replacement.js';
import {
  freePlace,
  isOver,
  standsAside,
  SUBMITTED_WITHIN_MS,
  takePlace,
} from '../../../src/domain/replacement-places/replacement-places.js';
import * as past from '../owner-replacement/past.js';
import { T0 } from '../../support/given.js';
import { given, place } from './past.js';

const take = (applicationId: string, ...over: string[]) =>
  takePlace(applicationId, new Set(over), 2, 'TradeAccountContested');

describe('a place for an open application', () => {
  test('is taken once, however often the same application asks', () => {
    given().when(take('app-1')).then(place.taken('app-1')).when(take('app-1')).thenNothing();
  });
  test('is refused when none is left', () => {
    given(place.taken('app-1'), place.taken('app-2'))
      .when(take('app-3'))
      .thenRefused('TradeAccountContested');
  });
  test('is kept by who has it when none is left', () => {
    given(place.taken('app-1'), place.taken('app-2')).when(take('app-2')).thenNothing();
  });
  test('is that of an application which needs it no more', () => {
    given(place.taken('app-1'), place.taken('app-2'))
      .when(take('app-3', 'app-1'))
      .then(place.freed('app-1'), place.taken('app-3'))
      .when(take('app-4', 'app-1'))
      .thenRefused('TradeAccountContested');
  });
  test('may be given back, once', () => {
    given(place.taken('app-1'))
      .when(freePlace('app-1'))
      .then(place.freed('app-1'))
      .when(freePlace('app-1'))
      .thenNothing();
  });
});

const after = (...events: Parameters<typeof past.given>): OwnerReplacement => past.given(...events).state;
const never = ownerReplacementDecider.initial;
const taken = { applicationId: 'app-1', takenAt: T0 };
const isOverAfter = (...events: Parameters<typeof past.given>) => isOver(after(...events), taken, T0);
const asideAfter = (owner: string | null, ...events: Parameters<typeof past.given>) =>
  standsAside(after(...events), taken, owner, T0);

describe('a place is needed', () => {
  test('by its applicant, until the application is closed', () => {
    expect(isOverAfter(past.submitted)).toBe(false);
    expect(isOverAfter(past.submitted, past.objected)).toBe(false);
    expect(isOverAfter(past.submitted, past.reviewStarted)).toBe(false);
    expect(isOverAfter(past.submitted, past.reviewStarted, past.approved('a'), past.approved('b'))).toBe(
      false,
    );
    for (const end of [past.returned, past.rejected, past.withdrawn, past.completed, past.superseded]) {
      expect(isOverAfter(past.submitted, end)).toBe(true);
    }
  });
  test('for a moment by what is about to be submitted', () => {
    expect(isOver(never, taken, T0 + SUBMITTED_WITHIN_MS - 1)).toBe(false);
    expect(isOver(never, taken, T0 + SUBMITTED_WITHIN_MS)).toBe(true);
    expect(standsAside(never, taken, 'owner', T0 + SUBMITTED_WITHIN_MS - 1)).toBe(false);
  });
  test('with the trade account, unless its owner objects or is another than the one to replace', () => {
    expect(asideAfter('owner', past.submitted)).toBe(false);
    expect(asideAfter('owner', past.submitted, past.objected)).toBe(true);
    expect(asideAfter('owner', past.submitted, past.objected, past.consented)).toBe(false);
    expect(asideAfter('heir', past.submitted)).toBe(true);
    expect(asideAfter('owner', past.submitted, past.rejected)).toBe(true);
  });
});
