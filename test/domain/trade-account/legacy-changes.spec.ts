import { bringOver, replaceOwner } from '../../../src/domain/trade-account/access.js';
import {
  followLegacyAccess,
  withdrawLegacyAccess,
} from '../../../src/domain/trade-account/legacy-changes.js';
import { access, given, granted, opened, ownerNamed, replaced, revoked, told, withdrawn } from './past.js';

const owned = [opened('owner'), told(1, 'owner', 'file', 'read')];
const synced = [...owned, told(1, 'user', 'read')];
const tells = (legacyVersion: number, ...permissions: string[]) =>
  followLegacyAccess({ ...access('user', { permissions }), legacyVersion });
const tellsOwner = (legacyVersion: number, accountId = 'user', ...permissions: string[]) =>
  followLegacyAccess({ ...access(accountId, { isOwner: true, permissions }), legacyVersion });
const tellsNothing = (legacyVersion: number, accountId = 'user') =>
  withdrawLegacyAccess(accountId, legacyVersion);

describe('access that came from the legacy portal', () => {
  test('follows it, to more and to less', () => {
    given(synced)
      .when(tells(2, 'file', 'read'))
      .then(told(2, 'user', 'file', 'read'))
      .when(tells(3, 'file'))
      .then(told(3, 'user', 'file'));
  });
  test('is quiet where nothing changed', () => {
    given(synced).when(tells(2, 'read')).thenNothing();
    given(synced, withdrawn(2, 'user')).when(tellsNothing(3)).thenNothing();
  });
  test('ends with it, and comes back with it', () => {
    given(synced)
      .when(tellsNothing(2))
      .then(withdrawn(2, 'user'))
      .when(tells(3, 'read'))
      .then(told(3, 'user', 'read'));
  });
  test('comes where the legacy portal gives it later', () => {
    given(owned)
      .when(tells(2, 'read'))
      .then(told(2, 'user', 'read'));
    given()
      .when(tells(2, 'read'))
      .then(opened(), told(2, 'user', 'read'));
  });
  test('is left alone by what the legacy portal told before', () => {
    const now = [...synced, told(3, 'user', 'file')];
    given(now).when(tells(2, 'read')).thenNothing();
    given(now).when(tells(3, 'read')).thenNothing();
    given(now).when(tellsNothing(2)).thenNothing();
    given(synced, withdrawn(3, 'user')).when(tells(2, 'read')).thenNothing();
  });
});

describe('access that was decided here', () => {
  test.each([
    ['granted', granted('user', 'file')],
    ['revoked', revoked('user')],
  ])('%s, stays whatever the legacy portal tells later', (_, decided) => {
    given(synced, decided).when(tells(2, 'read')).thenNothing();
    given(synced, decided)
      .when(tellsOwner(2, 'user', 'read'))
      .thenNothing();
    given(synced, decided).when(tellsNothing(2)).thenNothing();
  });
  test('stays after a sync that somebody brings over once more', () => {
    const sync = bringOver(access('user', { legacyVersion: 1 }));
    given(owned)
      .when(sync)
      .then(told(1, 'user', 'read'))
      .and(revoked('user'))
      .when(sync)
      .thenNothing();
  });
  test('and taken away, is not given back by a first sync either', () => {
    const sync = bringOver(access('user', { legacyVersion: 1 }));
    given(owned, granted('user', 'read'), revoked('user')).when(sync).thenNothing();
    given(
      owned,
      replaced('owner', 'heir'),
      granted('heir', 'file'),
      replaced('heir', 'third', 'app-2'),
      revoked('heir'),
    )
      .when(bringOver(access('heir', { legacyVersion: 1 })))
      .thenNothing();
  });
  test('is heard of also where the first telling changes nothing', () => {
    given(owned, granted('user', 'read'))
      .when(bringOver(access('user', { legacyVersion: 1 })))
      .then(told(1, 'user', 'read'));
  });
  test('is nobody’s whom the legacy portal never gave any', () => {
    given(owned).when(tellsNothing(2)).thenNothing();
    given().when(tellsNothing(2)).thenNothing();
  });
});

describe('who owns', () => {
  test('is named by the legacy portal while nobody is, and never changed by it', () => {
    given(opened(), told(1, 'user', 'read'))
      .when(tellsOwner(2, 'user', 'read'))
      .then(ownerNamed('user'));
    const { state } = given(synced)
      .when(tellsOwner(2, 'user', 'file'))
      .then(told(2, 'user', 'file'));
    expect(state).toMatchObject({ owner: 'owner' });
    expect(given(synced).when(tellsNothing(2, 'owner')).then(withdrawn(2, 'owner')).state).toMatchObject({
      owner: 'owner',
    });
  });
  test('changes here: the former owner gets nothing back, the heir loses nothing, other users go on', () => {
    const heir = replaceOwner({ from: 'owner', to: 'heir', applicationId: 'app-1' });
    const after = given(synced)
      .when(heir)
      .then(replaced('owner', 'heir'), revoked('owner'), granted('heir', 'file', 'read'));
    after.when(tellsOwner(2, 'owner', 'file')).thenNothing();
    after.when(tellsNothing(2, 'heir')).thenNothing();
    after.when(tells(2, 'file')).then(told(2, 'user', 'file'));
    after.when(tellsOwner(2, 'user', 'file')).then(told(2, 'user', 'file'));
    after.when(tellsOwner(2, 'newcomer', 'file')).thenNothing();
  });
  test('can be replaced after the legacy portal took the owner’s access away: the heir gets what that was', () => {
    given(synced, withdrawn(2, 'owner'))
      .when(replaceOwner({ from: 'owner', to: 'heir', applicationId: 'app-1' }))
      .then(replaced('owner', 'heir'), revoked('owner'), granted('heir', 'file', 'read'));
  });
});
