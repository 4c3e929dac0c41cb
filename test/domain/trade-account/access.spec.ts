import { bringOver, replaceOwner } from '../../../src/domain/trade-account/access.js';
import { normalNumber, permissionsOf } from '../../../src/domain/trade-account/trade-account.js';
import { access, given, granted, opened, ownerNamed, ownersAccess, replaced, revoked } from './past.js';

const owned = [opened('owner'), granted('owner', 'file', 'read')];

describe('bringing access over from the legacy portal', () => {
  test('opens the trade account with its owner', () => {
    given()
      .when(bringOver(ownersAccess('owner')))
      .then(owned);
  });
  test('opens it without one when a user comes first; the owner is named when he comes', () => {
    given()
      .when(bringOver(access('user')))
      .then(opened(), granted('user', 'read'))
      .when(bringOver(ownersAccess('owner')))
      .then(ownerNamed('owner'), granted('owner', 'file', 'read'));
  });
  test('gives each user their own permissions', () => {
    const { state } = given(owned)
      .when(bringOver(access('user')))
      .then(granted('user', 'read'));
    expect(permissionsOf(state, 'owner')).toEqual(['file', 'read']);
    expect(permissionsOf(state, 'user')).toEqual(['read']);
    expect(permissionsOf(state, 'stranger')).toBeNull();
  });
  test('is quiet the second time, in whatever order the permissions come', () => {
    given(owned)
      .when(bringOver(ownersAccess('owner')))
      .thenNothing();
    const shuffled = access('owner', { isOwner: true, permissions: ['read', 'file', 'read'] });
    given(owned).when(bringOver(shuffled)).thenNothing();
  });
  test('replaces permissions that changed', () => {
    given(owned, granted('user', 'read'))
      .when(bringOver(access('user', { permissions: ['file'] })))
      .then(granted('user', 'file'));
    given(owned, granted('user', 'read'))
      .when(bringOver(access('user', { permissions: [] })))
      .then(granted('user'));
  });
  test('takes the account from no owner: a second one that claims it is a user', () => {
    const { state } = given(owned)
      .when(bringOver(ownersAccess('other')))
      .then(granted('other', 'file', 'read'));
    expect(state).toMatchObject({ owner: 'owner' });
  });
  test('gives nothing to a former owner whom the legacy portal still calls the owner', () => {
    const former = [owned, replaced('owner', 'heir'), revoked('owner'), granted('heir', 'file', 'read')];
    given(...former)
      .when(bringOver(ownersAccess('owner')))
      .thenNothing();
  });
  test('gives the owner by replacement what the legacy portal says', () => {
    given(owned, replaced('owner', 'heir'), revoked('owner'), granted('heir', 'file', 'read'))
      .when(bringOver(access('heir', { isOwner: true, permissions: ['read'] })))
      .then(granted('heir', 'read'));
  });
});

describe('another owner', () => {
  const replace = (from: string | null, to = 'heir', applicationId = 'app-1') =>
    replaceOwner({ from, to, applicationId });

  test('gets what the former one could do, who can do nothing any more', () => {
    const { state } = given(owned, granted('user', 'read'))
      .when(replace('owner'))
      .then(replaced('owner', 'heir'), revoked('owner'), granted('heir', 'file', 'read'));
    expect(state).toMatchObject({ owner: 'heir' });
    expect(permissionsOf(state, 'owner')).toBeNull();
    expect(permissionsOf(state, 'user')).toEqual(['read']);
  });
  test('is one of the users so far, who then may do more', () => {
    given(owned, granted('user', 'read'))
      .when(replace('owner', 'user'))
      .then(replaced('owner', 'user'), revoked('owner'), granted('user', 'file', 'read'));
  });
  test('comes where no owner had come over', () => {
    given(opened(), granted('user', 'read'))
      .when(replace(null, 'user'))
      .then(replaced(null, 'user'), granted('user', 'read'));
  });
  test('is refused unless the one to replace still owns', () => {
    given(owned).when(replace('other')).thenRefused('OwnerChanged');
    given(owned).when(replace(null)).thenRefused('OwnerChanged');
    given(owned, replaced('owner', 'heir'))
      .when(replace('owner', 'third', 'app-2'))
      .thenRefused('OwnerChanged');
  });
  test('is refused for a trade account that is not there', () => {
    given().when(replace('owner')).thenRefused('TradeAccountUnknown');
  });
  test('is quiet when this application has done it, also after the next one', () => {
    given(owned, replaced('owner', 'heir')).when(replace('owner')).thenNothing();
    given(owned, replaced('owner', 'heir'), replaced('heir', 'third', 'app-2'))
      .when(replace('owner'))
      .thenNothing();
  });
});

test('a number means the same however it is spelled', () => {
  expect(normalNumber(' 12-3456789 ')).toBe('123456789');
  expect(normalNumber('12 345 67-89')).toBe('123456789');
  expect(normalNumber('ab-1')).toBe(normalNumber('AB1'));
});
