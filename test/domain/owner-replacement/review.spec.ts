import {
  approve,
  complete,
  reject,
  returnToApplicant,
  startReview,
  supersede,
} from '../../../src/domain/owner-replacement/review.js';
import {
  attachEvidence,
  consent,
  object,
  submit,
  withdraw,
} from '../../../src/domain/owner-replacement/submission.js';
import { DAY, HOUR } from '../../support/given.js';
import {
  application,
  approved,
  completed,
  consented,
  evidence,
  file,
  given,
  invited,
  letterSubmitted,
  objected,
  reason,
  rejected,
  returned,
  reviewStarted,
  submitted,
  superseded,
  withdrawn,
} from './past.js';

const WAIT = 72 * HOUR;
const yes = (reviewerId: string, accountId = 'heir', isSuspended = false) =>
  approve(reviewerId, { accountId, isSuspended }, WAIT);
const inReview = [submitted, reviewStarted];
const closed = [
  ['returned', returned],
  ['rejected', rejected],
  ['withdrawn', withdrawn],
  ['completed', completed],
  ['superseded', superseded],
] as const;

describe('an application', () => {
  test('is submitted once', () => {
    given()
      .when(submit(application))
      .then(submitted)
      .when(submit(application))
      .thenRefused('ApplicationExists');
  });
  test('is withdrawn by who applied, or entered it', () => {
    given(submitted).when(withdraw('applicant')).then(withdrawn);
    given(letterSubmitted, evidence, reviewStarted).when(withdraw('clerk')).then(withdrawn);
  });
  test('is not there for others', () => {
    given(submitted).when(withdraw('stranger')).thenRefused('ApplicationUnknown');
    given(submitted).when(withdraw('owner')).thenRefused('ApplicationUnknown');
    given(submitted).when(attachEvidence('stranger', file)).thenRefused('ApplicationUnknown');
    given().when(withdraw('applicant')).thenRefused('ApplicationUnknown');
  });
  test('takes five files', () => {
    given(submitted, Array(4).fill(evidence))
      .when(attachEvidence('applicant', file))
      .then(evidence)
      .when(attachEvidence('applicant', file))
      .thenRefused('TooMuchEvidence');
  });
  test.each(closed)('that was %s is closed to everybody', (_, end) => {
    const story = given(inReview, end);
    const acts = [
      ...[withdraw('applicant'), attachEvidence('applicant', file), consent(), object(reason)],
      ...[startReview('rita', true), returnToApplicant('rita', reason), reject('rita', reason), yes('rita')],
    ];
    for (const act of acts) story.when(act).thenRefused('ApplicationClosed');
    story.when(complete()).thenNothing();
    story.when(supersede()).thenNothing();
  });
});

describe('taking an application for review', () => {
  test('invites a new owner who has no login', () => {
    given(submitted).when(startReview('rita', true)).then(reviewStarted);
    given(submitted).when(startReview('rita', false)).then(reviewStarted, invited);
  });
  test('happens once', () => {
    given(inReview).when(startReview('ruth', true)).thenRefused('ReviewStarted');
  });
  test('needs the letterhead of Form B, and the original of what was e-mailed', () => {
    given(letterSubmitted).when(startReview('rita', true)).thenRefused('EvidenceMissing');
    given(letterSubmitted, evidence).when(startReview('rita', true)).then(reviewStarted);
  });
  test('is not for who applied, entered it, or owns the account', () => {
    given(submitted).when(startReview('applicant', true)).thenRefused('OwnApplication');
    given(submitted).when(startReview('owner', true)).thenRefused('OwnApplication');
    given(letterSubmitted, evidence).when(startReview('clerk', true)).thenRefused('OwnApplication');
  });
});

describe('a reviewer', () => {
  test('returns or rejects with a reason', () => {
    given(inReview)
      .when(returnToApplicant('ruth', reason))
      .then({ ...returned, data: { reviewerId: 'ruth', reason } } as never);
    given(inReview).when(reject('rita', reason)).then(rejected);
  });
  test('decides only on what was taken for review', () => {
    given(submitted).when(returnToApplicant('rita', reason)).thenRefused('ReviewNotStarted');
    given(submitted).when(reject('rita', reason)).thenRefused('ReviewNotStarted');
    given(submitted).when(yes('rita')).thenRefused('ReviewNotStarted');
  });
  test('has no part in the application', () => {
    const story = given(inReview).after(WAIT);
    for (const who of ['applicant', 'owner']) {
      story.when(yes(who)).thenRefused('OwnApplication');
      story.when(reject(who, reason)).thenRefused('OwnApplication');
      story.when(returnToApplicant(who, reason)).thenRefused('OwnApplication');
    }
    story.when(yes('rita', 'rita')).thenRefused('OwnApplication');
  });
});

describe('approving', () => {
  test('takes two reviewers, after the owner had 72 hours to object', () => {
    const story = given(inReview).after(WAIT).when(yes('rita')).then(approved('rita'));
    expect(story.state.status).toBe('InReview');
    expect(story.when(yes('ruth')).then(approved('ruth')).state.status).toBe('Approved');
  });
  test('counts one reviewer once', () => {
    const { state } = given(inReview)
      .after(WAIT)
      .when(yes('rita'))
      .then(approved('rita'))
      .when(yes('rita'))
      .thenNothing();
    expect(state.status).toBe('InReview');
  });
  test('does not count together where the reviewers saw different accounts', () => {
    const story = given(inReview, approved('rita', 'heir'))
      .after(WAIT)
      .when(yes('ruth', 'other'))
      .then(approved('ruth', 'other'));
    expect(story.state.status).toBe('InReview');
    expect(story.when(yes('rita', 'other')).then(approved('rita', 'other')).state.status).toBe('Approved');
  });
  test('waits to the last millisecond', () => {
    given(inReview)
      .after(WAIT - 1)
      .when(yes('rita'))
      .thenRefused('WaitNotOver');
  });
  test('does not wait for an owner who consents', () => {
    given(inReview).when(consent()).then(consented).when(yes('rita')).then(approved('rita'));
  });
  test('stops when the owner objects, however much time has passed', () => {
    given(inReview)
      .when(object(reason))
      .then(objected)
      .after(30 * DAY)
      .when(yes('rita'))
      .thenRefused('OwnerObjects');
    given(inReview, consented, approved('rita'))
      .when(object(reason))
      .then(objected)
      .when(yes('ruth'))
      .thenRefused('OwnerObjects');
  });
  test('goes on when the owner, having objected, consents', () => {
    given(inReview, objected).when(consent()).then(consented).when(yes('rita')).then(approved('rita'));
  });
  test('waits until the new owner has a login, which is not suspended', () => {
    const story = given(inReview, consented);
    story.when(approve('rita', null, WAIT)).thenRefused('NewOwnerWithoutLogin');
    story.when(yes('rita', 'heir', true)).thenRefused('NewOwnerSuspended');
  });
  test('is refused where the new owner is the owner', () => {
    given(inReview).after(WAIT).when(yes('rita', 'owner')).thenRefused('AlreadyOwner');
  });
});

test('saying the same again is quiet', () => {
  given(submitted, consented).when(consent()).thenNothing();
  given(submitted, objected).when(object('again')).thenNothing();
});

describe('when two reviewers have approved', () => {
  const approvedByTwo = [inReview, consented, approved('rita'), approved('ruth')];

  test('it is completed, or superseded, once', () => {
    given(...approvedByTwo)
      .when(complete())
      .then(completed)
      .when(supersede())
      .thenNothing();
    given(...approvedByTwo)
      .when(supersede())
      .then(superseded)
      .when(complete())
      .thenNothing();
  });
  test('nobody can stop it any more', () => {
    given(...approvedByTwo)
      .when(object(reason))
      .thenRefused('ApplicationClosed');
    given(...approvedByTwo)
      .when(withdraw('applicant'))
      .thenRefused('ApplicationClosed');
    given(...approvedByTwo)
      .when(yes('rosa'))
      .thenRefused('ApplicationClosed');
  });
  test('and not before', () => {
    given(inReview, consented, approved('rita')).when(complete()).thenNothing();
    given(submitted).when(supersede()).then(superseded);
  });
});
