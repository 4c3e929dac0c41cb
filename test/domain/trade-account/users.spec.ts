import { InvalidInput } from '../../../src/domain/account/input-rules.js';
import { bringOver, replaceOwner } from '../../../src/domain/trade-account/access.js';
import { permissionsOf } from '../../../src/domain/trade-account/trade-account.js';
import {
  inviteUser,
  joinByInvitation,
  PENDING_USERS_MAX,
  removeUser,
} from '../../../src/domain/trade-account/users.js';
import { T0 } from '../../support/given.js';
import {
  access,
  given,
  granted,
  invitation,
  invited,
  joined,
  opened,
  removed,
  replaced,
  revoked,
} from './past.js';

const owned = [opened('owner'), granted('owner', 'file', 'read')];
const invite = (more: Parameters<typeof invitation>[0] = {}) => inviteUser(invitation(more));
const remove = (userId: string, removedBy = 'owner') => removeUser({ removalId: 'r-1', userId, removedBy });
const taken = removed('u-1', { legacyAccountId: 'l-1' });

describe('an individual user', () => {
  test('is invited by the owner, with some of what the owner may do', () => {
    given(owned).when(invite()).then(invited());
    const twice = ['read', 'file', 'read'];
    given(owned)
      .when(invite({ permissions: twice }))
      .then(invited({ permissions: ['file', 'read'] }));
  });
  test('can do nothing before joining', () => {
    const { state } = given(owned, invited());
    expect(state).toMatchObject({ users: [{ accountId: 'owner' }], invitations: [{ invitedAt: T0 }] });
  });
  test('may not do what the owner may not, and is told each', () => {
    const outcome = given(owned).when(invite({ permissions: ['read', 'audit', 'file', 'close'] }));
    outcome.thenThrows(InvalidInput);
    try {
      invite({ permissions: ['read', 'audit', 'file', 'close'] })(given(owned).state, T0);
    } catch (error) {
      expect((error as InvalidInput).mistakes.map(({ pointer }) => pointer)).toEqual([
        '/permissions/1',
        '/permissions/3',
      ]);
    }
  });
  test('is invited by nobody else: a user may not, and who has no access learns nothing', () => {
    given(owned, granted('user', 'read'))
      .when(invite({ invitedBy: 'user' }))
      .thenRefused('NotAccountOwner');
    given(owned)
      .when(invite({ invitedBy: 'stranger' }))
      .thenRefused('TradeAccountUnknown');
    given().when(invite()).thenRefused('TradeAccountUnknown');
  });
  test('is not invited by an owner who was replaced meanwhile', () => {
    const late = [...owned, replaced('owner', 'heir'), revoked('owner'), granted('heir', 'file', 'read')];
    given(...late)
      .when(invite())
      .thenRefused('TradeAccountUnknown');
  });
  test('is invited once for one address, as long as nobody joined with it', () => {
    const again = invite({ userId: 'u-2', legacyAccountId: 'l-2' });
    given(owned, invited()).when(again).thenRefused('UserPending');
    given(owned, invited(), taken)
      .when(again)
      .then(invited({ userId: 'u-2', legacyAccountId: 'l-2' }));
    given(owned, invited(), joined('ben'), granted('ben', 'read'))
      .when(again)
      .then(invited({ userId: 'u-2', legacyAccountId: 'l-2' }));
  });
  test('is one of a bounded number that have not joined', () => {
    const many = Array.from({ length: PENDING_USERS_MAX }, (_, index) =>
      invited({ userId: `u-${index + 2}`, emailKey: `key-${index}` }),
    );
    given(owned, many).when(invite()).thenRefused('TooManyPendingUsers');
    given(owned, many.slice(1)).when(invite()).then(invited());
  });
  test('is not invited again by what comes late, whatever became of it', () => {
    given(owned, invited()).when(invite()).thenNothing();
    given(owned, invited(), joined('ben'), granted('ben', 'read')).when(invite()).thenNothing();
    given(owned, invited(), taken).when(invite()).thenNothing();
    given(owned, invited(), taken, replaced('owner', 'heir')).when(invite()).thenNothing();
  });
});

describe('joining', () => {
  test('gives what the owner said', () => {
    const { state } = given(owned, invited())
      .when(joinByInvitation('u-1', 'ben'))
      .then(joined('ben'), granted('ben', 'read'));
    expect(permissionsOf(state, 'ben')).toEqual(['read']);
    expect(state).toMatchObject({ invitations: [], users: [{ userId: 'owner' }, { userId: 'u-1' }] });
  });
  test('gives nothing a second time, and nothing that the owner took back', () => {
    const after = [...owned, invited(), joined('ben'), granted('ben', 'read')];
    given(...after)
      .when(joinByInvitation('u-1', 'ben'))
      .thenNothing();
    given(...after, removed('u-1', { accountId: 'ben' }), revoked('ben'))
      .when(joinByInvitation('u-1', 'ben'))
      .thenNothing();
    given(owned, invited(), taken).when(joinByInvitation('u-1', 'ben')).thenNothing();
    given().when(joinByInvitation('u-1', 'ben')).thenNothing();
  });
  test('takes nothing from somebody who may do more already', () => {
    given(owned, invited())
      .when(joinByInvitation('u-1', 'owner'))
      .then(joined('owner'), granted('owner', 'file', 'read'));
  });
});

describe('removing a user', () => {
  test('takes all access away at once', () => {
    const { state } = given(owned, granted('user', 'read'))
      .when(remove('user'))
      .then(removed('user', { accountId: 'user' }), revoked('user'));
    expect(permissionsOf(state, 'user')).toBeNull();
  });
  test('takes back what was not used yet', () => {
    const { state } = given(owned, invited()).when(remove('u-1')).then(taken);
    expect(state).toMatchObject({ invitations: [] });
  });
  test('finds an individual user by the same id before and after joining', () => {
    given(owned, invited(), joined('ben'), granted('ben', 'read'))
      .when(remove('u-1'))
      .then(removed('u-1', { accountId: 'ben' }), revoked('ben'));
  });
  test('is quiet the second time', () => {
    given(owned, granted('user', 'read'), removed('user', { accountId: 'user' }), revoked('user'))
      .when(remove('user'))
      .thenNothing();
    given(owned, invited(), taken).when(remove('u-1')).thenNothing();
  });
  test('is the owner’s to do, and not to the owner', () => {
    given(owned).when(remove('owner')).thenRefused('AccountOwnerStays');
    const shared = given(owned, granted('user', 'read'), granted('other', 'read'));
    shared.when(remove('other', 'user')).thenRefused('NotAccountOwner');
    shared.when(remove('other', 'stranger')).thenRefused('TradeAccountUnknown');
    shared.when(remove('nobody')).thenRefused('UserUnknown');
  });
  test('stands against what comes over late from the legacy portal', () => {
    given(owned, granted('user', 'read'), removed('user', { accountId: 'user' }), revoked('user'))
      .when(bringOver(access('user')))
      .thenNothing();
  });
  test('does not stand against an application: who was removed may become the owner', () => {
    const gone = [...owned, granted('user', 'read'), removed('user', { accountId: 'user' }), revoked('user')];
    const { state } = given(...gone)
      .when(replaceOwner({ from: 'owner', to: 'user', applicationId: 'app-1' }))
      .then(replaced('owner', 'user'), revoked('owner'), granted('user', 'file', 'read'));
    expect(state).toMatchObject({ removed: [], owner: 'user' });
  });
});
