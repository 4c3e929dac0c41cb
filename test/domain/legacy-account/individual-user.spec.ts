import { claimLegacyAccount, entryOf } from '../../../src/domain/legacy-account/claim.js';
import { importLegacyAccount } from '../../../src/domain/legacy-account/import.js';
import {
  createIndividualUser,
  revokeIndividualUser,
  setUpIndividualUser,
} from '../../../src/domain/legacy-account/individual-user.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import { resetLegacyPassword } from '../../../src/domain/legacy-account/password-link.js';
import { DAY, MINUTE, storyOf } from '../../support/given.js';
import {
  claimed,
  imported,
  individual,
  linkExpired,
  linkRequested,
  linkSent,
  passwordReset,
  record,
  refused,
  row,
  userCreated,
  userRevoked,
} from './past.js';

const given = storyOf(legacyAccountDecider);
const setUp = linkRequested('l-1', 'SetUp');

describe('an individual user', () => {
  it('is made where nobody has the user id', () => {
    const { state } = given().when(createIndividualUser(individual)).then(userCreated());
    expect(entryOf(state)?.profile).toMatchObject({ status: 'Active', email: individual.email });
  });

  it('is made once', () => {
    given(userCreated()).when(createIndividualUser(individual)).thenNothing();
    given(userCreated(), userRevoked).when(createIndividualUser(individual)).thenNothing();
  });

  it.each([
    ['is known to the directory', [imported()]],
    ['belongs to another individual user', [userCreated({ userId: 'u-2' })]],
    ['was guessed at', [refused(1)]],
  ])('is not made where the user id %s', (_, past) => {
    given(past).when(createIndividualUser(individual)).thenRefused('LegacyUserIdTaken');
  });

  it('gets one link to set the first password', () => {
    given(userCreated()).when(setUpIndividualUser('l-1')).then(setUp);
    given(userCreated(), setUp)
      .after(10 * MINUTE)
      .when(setUpIndividualUser('l-2'))
      .thenNothing();
    given(userCreated(), setUp, linkExpired()).after(DAY).when(setUpIndividualUser('l-2')).thenNothing();
    given(userCreated(), userRevoked).when(setUpIndividualUser('l-1')).thenNothing();
    given(imported()).when(setUpIndividualUser('l-1')).thenNothing();
  });

  it('cannot be synced without a password, and can with it', () => {
    const { state } = given(userCreated());
    expect(state).toMatchObject({ password: { hash: undefined } });
    given(userCreated(), setUp, passwordReset()).when(claimLegacyAccount('ben', 1)).then(claimed('ben'));
  });

  it('is not changed by an import, whatever its file says of the user id', () => {
    given(userCreated()).when(importLegacyAccount(record, row())).thenRefused('IndividualUserHere');
    given(userCreated(), userRevoked)
      .when(importLegacyAccount(record, row()))
      .thenRefused('IndividualUserHere');
  });
});

describe('an individual user who was taken back', () => {
  const gone = [userCreated(), setUp, linkSent('l-1', Number.MAX_SAFE_INTEGER), userRevoked];

  it('is so once, and nobody else is', () => {
    given(userCreated()).when(revokeIndividualUser()).then(userRevoked);
    given(...gone)
      .when(revokeIndividualUser())
      .thenNothing();
    given(imported()).when(revokeIndividualUser()).thenNothing();
    given().when(revokeIndividualUser()).thenNothing();
  });

  it('cannot set a password: the link is dead', () => {
    given(...gone)
      .when(resetLegacyPassword('l-1', 'chosen-hash-1', 'portal-8'))
      .thenRefused('LegacyLinkDead');
  });

  it('cannot be synced by a password that was set before', () => {
    const { state } = given(userCreated(), setUp, passwordReset(), userRevoked);
    expect(state).toMatchObject({ password: { hash: undefined } });
    given(userCreated(), setUp, passwordReset(), userRevoked)
      .when(claimLegacyAccount('ben', 2))
      .thenRefused('LegacyAccountNotInGoodStanding');
  });
});
