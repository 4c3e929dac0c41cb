import { LOCK_MS_MAX } from '../../../src/domain/account/sign-in.js';
import {
  claimLegacyAccount,
  LegacyPasswordMovedOn,
  refuseLegacyCredential,
  releaseLegacyClaim,
} from '../../../src/domain/legacy-account/claim.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import { MINUTE, storyOf, T0 } from '../../support/given.js';
import { changed, claimed, imported, refused, released } from './past.js';

const given = storyOf(legacyAccountDecider);
const rules = { failuresMax: 5, lockMs: 15 * MINUTE };
const claim = (accountId = 'a-1', version = 1) => claimLegacyAccount(accountId, version);
const wrong = (version = 1, held = rules) => refuseLegacyCredential(version, held);
const failures = (count: number) => Array.from({ length: count }, (_, index) => refused(index + 1));

describe('a claim on a legacy account', () => {
  it('is recorded for the first account that has the password', () => {
    given(imported()).when(claim('a-1')).then(claimed('a-1'));
  });

  it('is refused for a second account, for ever', () => {
    given(imported(), claimed('a-1')).when(claim('a-2')).thenRefused('LegacyAccountUsed');
  });

  it('is quiet for the account that has it: what a crash cut off goes on', () => {
    given(imported(), claimed('a-1')).when(claim('a-1')).thenNothing();
  });

  it('is free again once it was released', () => {
    given(imported(), claimed('a-1'), released('a-1')).when(claim('a-2')).then(claimed('a-2'));
  });

  it.each(['Inactive', 'NotInGoodStanding'] as const)(
    'is refused where the legacy account is %s',
    (status) => {
      given(imported({ status })).when(claim()).thenRefused('LegacyAccountNotInGoodStanding');
    },
  );

  it('heeds a change at once', () => {
    given(imported(), changed({ status: 'Inactive' }))
      .when(claim())
      .thenRefused('LegacyAccountNotInGoodStanding');
    given(imported({ status: 'Inactive' }), changed({}))
      .when(claim())
      .then(claimed());
  });

  it('is not decided by a password that was changed meanwhile', () => {
    given(imported(), changed({ passwordHash: 'legacy-hash-2' }))
      .when(claim('a-1', 1))
      .thenThrows(LegacyPasswordMovedOn);
  });

  it('is refused in the words for wrong passwords where there is nobody, and at a shut door', () => {
    given().when(claim()).thenRefused('LegacySyncRefused');
    given(imported(), refused(5, { until: T0 + MINUTE }))
      .when(claim())
      .thenRefused('LegacySyncRefused');
  });
});

describe('a wrong legacy password', () => {
  it('counts', () => {
    given(imported(), failures(2)).when(wrong()).then(refused(3));
  });

  it('shuts the door as a sign-in locks, and each time for twice as long, up to a day', () => {
    given(imported(), failures(4))
      .when(wrong())
      .then(refused(5, { until: T0 + 15 * MINUTE }));
    const shut = [...failures(4), refused(5, { until: T0 + 1 })];
    given(imported(), shut, failures(4))
      .after(MINUTE)
      .when(wrong())
      .then(refused(5, { until: T0 + 31 * MINUTE }));
    const often = Array.from({ length: 9 }, () => shut).flat();
    given(imported(), often, failures(4))
      .after(1)
      .when(wrong())
      .then(refused(5, { until: T0 + 1 + LOCK_MS_MAX }));
  });

  it('shuts it until there is another password where locks last until an officer comes', () => {
    const until = given(imported(), failures(4))
      .when(wrong(1, { ...rules, lockMs: 0 }))
      .then(refused(5, {}));
    until
      .after(100 * LOCK_MS_MAX)
      .when(claim())
      .thenRefused('LegacySyncRefused');
    until
      .and(changed({ passwordHash: 'legacy-hash-2' }))
      .when(claim('a-1', 2))
      .then(claimed());
  });

  it('shuts it likewise from a hundred on', () => {
    const story = given(
      imported(),
      Array.from({ length: 99 }, () => refused(1)),
    );
    story.when(wrong()).then(refused(2, {}));
  });

  it('is not compared while the door is shut, and prolongs nothing', () => {
    const shut = given(imported(), refused(5, { until: T0 + 15 * MINUTE }));
    shut
      .after(15 * MINUTE - 1)
      .when(wrong())
      .thenNothing();
    shut
      .after(15 * MINUTE)
      .when(wrong())
      .then(refused(1));
  });

  it('is forgotten once the right one came', () => {
    given(imported(), failures(4), claimed()).when(wrong()).then(refused(1));
  });

  it('counts for a user id that only the legacy portal may know', () => {
    given().when(wrong(0)).then(refused(1));
  });
});

describe('the release of a claim', () => {
  it('is recorded for the account that has it, and for no other', () => {
    given(imported(), claimed('a-1')).when(releaseLegacyClaim('a-1', 'AccountEnded')).then(released('a-1'));
    given(imported(), claimed('a-2')).when(releaseLegacyClaim('a-1', 'AccountEnded')).thenNothing();
    given(imported()).when(releaseLegacyClaim('a-1', 'AccountEnded')).thenNothing();
  });
});
