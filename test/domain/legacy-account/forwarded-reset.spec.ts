import { forwardReset } from '../../../src/domain/legacy-account/forwarded-reset.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import { MINUTE, storyOf } from '../../support/given.js';
import { imported, refused, resetForwarded } from './past.js';

const given = storyOf(legacyAccountDecider);
const forward = forwardReset('Called.');

describe('a reset that the legacy portal took', () => {
  it('is recorded, also for an account that is not known here', () => {
    given(imported()).when(forward).then(resetForwarded());
    given().when(forward).then(resetForwarded());
  });

  it('is recorded again after five minutes, and not before', () => {
    const story = given(imported(), resetForwarded());
    story
      .after(5 * MINUTE - 1)
      .when(forward)
      .thenNothing();
    story
      .after(5 * MINUTE)
      .when(forward)
      .then(resetForwarded());
  });

  it('forgets no guesses: the password may still be the old one', () => {
    const { state } = given(imported(), refused(1)).when(forward).then(resetForwarded());
    expect(state.password).toMatchObject({ failuresInARow: 1, version: 1 });
  });
});
