import { importLegacyAccount } from '../../../src/domain/legacy-account/import.js';
import { legacyAccountDecider } from '../../../src/domain/legacy-account/legacy-account.js';
import { storyOf } from '../../support/given.js';
import { changed, claimed, imported, record, refused, row } from './past.js';

const given = storyOf(legacyAccountDecider);

describe('importing a legacy account', () => {
  it('records it with the line that it came from', () => {
    given().when(importLegacyAccount(record, row())).then(imported());
  });

  it('is quiet where nothing changed, whatever the file', () => {
    given(imported())
      .when(importLegacyAccount(record, row(9, 'file-2')))
      .thenNothing();
  });

  it.each([
    ['status', { status: 'Inactive' as const }],
    ['password', { passwordHash: 'legacy-hash-2' }],
    ['name', { familyName: 'Okafor-Lind' }],
    ['access', { tradeAccounts: [{ ...record.tradeAccounts[0]!, permissions: [] }] }],
  ])('records another %s', (_, more) => {
    const from = row(2, 'file-2');
    given(imported())
      .when(importLegacyAccount({ ...record, ...more }, from))
      .then(changed(more, from));
  });

  it('refuses a user id that stands twice in one file: the first line counts', () => {
    const twin = { ...record, company: 'Another' };
    given(imported())
      .when(importLegacyAccount(twin, row(7)))
      .thenRefused('LegacyUserIdTwice');
  });

  it('takes the same line again, and another line of another file', () => {
    const more = { company: 'Another' };
    given(imported({}, row(2)))
      .when(importLegacyAccount({ ...record, ...more }, row(2)))
      .then(changed(more));
    const elsewhere = row(7, 'file-2');
    given(imported())
      .when(importLegacyAccount({ ...record, ...more }, elsewhere))
      .then(changed(more, elsewhere));
  });

  it('keeps the hash that is known where the portal, which tells none, says the same of the account', () => {
    const { passwordHash: _, ...profile } = record;
    given(imported()).when(importLegacyAccount(profile, null)).thenNothing();
  });

  it('forgets wrong passwords with another password, and not with another company', () => {
    const { state: same } = given(imported(), refused(3), changed({ company: 'Another' }));
    expect(same).toMatchObject({ password: { failuresInARow: 3, version: 1 } });
    const { state: other } = given(imported(), refused(3), changed({ passwordHash: 'legacy-hash-2' }));
    expect(other).toMatchObject({ password: { failuresInARow: 0, version: 2 } });
  });

  it('leaves a claim as it is', () => {
    expect(given(imported(), claimed('a-1'), changed({ company: 'Another' })).state).toMatchObject({
      claimedBy: 'a-1',
    });
  });
});
