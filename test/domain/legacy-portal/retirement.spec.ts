import { legacyPortalDecider } from '../../../src/domain/legacy-portal/legacy-portal.js';
import {
  announceRetirement,
  callOffRetirement,
  madeKnown,
  retire,
} from '../../../src/domain/legacy-portal/retirement.js';
import { DAY, HOUR, storyOf, T0 } from '../../support/given.js';
import * as past from './past.js';

const given = storyOf(legacyPortalDecider);
const DATE = T0 + 20 * DAY;

describe('the retirement of the legacy portal is announced', () => {
  it('14 days ahead or more', () => {
    given()
      .when(announceRetirement(T0 + 14 * DAY))
      .then(past.announced(1, T0 + 14 * DAY));
    given()
      .when(announceRetirement(T0 + 14 * DAY - 1))
      .thenRefused('AnnouncedTooLate');
    given()
      .after(DAY)
      .when(announceRetirement(T0 + 14 * DAY))
      .thenRefused('AnnouncedTooLate');
  });

  it('once for one date, also when that is near', () => {
    given(past.announced(1, DATE))
      .after(19 * DAY)
      .when(announceRetirement(DATE))
      .thenNothing();
  });

  it('anew for another date, as a notice of its own', () => {
    given(past.announced(1, DATE), past.madeKnown(1))
      .when(announceRetirement(DATE + DAY))
      .then(past.announced(2, DATE + DAY))
      .after(21 * DAY)
      .when(retire())
      .thenRefused('RetirementNotMadeKnown');
    given(past.announced(1, DATE))
      .after(8 * DAY)
      .when(announceRetirement(DATE + DAY))
      .thenRefused('AnnouncedTooLate');
  });

  it('never once it is retired', () => {
    given(past.announced(1, DATE), past.madeKnown(1), past.retired)
      .when(announceRetirement(T0 + 99 * DAY))
      .thenRefused('LegacyPortalIsRetired');
  });
});

describe('a retirement is called off', () => {
  it('where one is announced, and then cannot come', () => {
    given(past.announced(1, DATE), past.madeKnown(1))
      .when(callOffRetirement())
      .then(past.calledOff(2))
      .after(30 * DAY)
      .when(retire())
      .thenRefused('RetirementNotAnnounced');
  });

  it('quietly where none is, and never once it is done', () => {
    given().when(callOffRetirement()).thenNothing();
    given(past.announced(1, DATE), past.calledOff(2)).when(callOffRetirement()).thenNothing();
    given(past.announced(1, DATE), past.retired)
      .when(callOffRetirement())
      .thenRefused('LegacyPortalIsRetired');
  });

  it('and may be announced again for the same date', () => {
    given(past.announced(1, DATE), past.calledOff(2))
      .when(announceRetirement(DATE))
      .then(past.announced(3, DATE));
  });
});

describe('that everybody knows', () => {
  it('is recorded once, of the notice that stands', () => {
    given(past.announced(1, DATE))
      .when(madeKnown(1))
      .then(past.madeKnown(1))
      .when(madeKnown(1))
      .thenNothing();
    given(past.announced(1, DATE), past.announced(2, DATE + DAY))
      .when(madeKnown(1))
      .thenNothing();
    given(past.announced(1, DATE), past.calledOff(2)).when(madeKnown(1)).thenNothing();
    given().when(madeKnown(1)).thenNothing();
  });
});

describe('the legacy portal is retired', () => {
  it('on the date that was announced, and not before', () => {
    const told = given(past.announced(1, DATE), past.madeKnown(1));
    told
      .after(20 * DAY - 1)
      .when(retire())
      .thenRefused('RetirementNotDue');
    told
      .after(20 * DAY)
      .when(retire())
      .then(past.retired);
  });

  it('14 days after everybody had been told, however long that took', () => {
    const told = given(past.announced(1, DATE))
      .after(7 * DAY)
      .and(past.madeKnown(1));
    told
      .after(14 * DAY - HOUR)
      .when(retire())
      .thenRefused('RetirementNotDue');
    told
      .after(14 * DAY)
      .when(retire())
      .then(past.retired);
    given(past.announced(1, DATE))
      .after(90 * DAY)
      .when(retire())
      .thenRefused('RetirementNotMadeKnown');
  });

  it('only after it was announced', () => {
    given().when(retire()).thenRefused('RetirementNotAnnounced');
  });

  it('once: again is quiet', () => {
    given(past.announced(1, DATE), past.madeKnown(1))
      .after(20 * DAY)
      .and(past.retired)
      .when(retire())
      .thenNothing();
  });
});
