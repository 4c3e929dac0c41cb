import { importLegacy, ldapHash, legacyAccount, LEGACY_PASSWORD, sync } from './legacy.js';
import { NEW_PASSWORD, SET } from './legacy-passwords.js';
import { partner, signedIn } from './people.js';
import type { Answer, PortalClient } from './portal-client.js';
import type { Portal } from './portal.js';

export const PORTAL_MODE = { USER_ACCESS: 'portal' };

let companies = 0;

/** A company whose owner synced a shared login, and so owns its trade account. */
export class SharedLogin {
  readonly name = `shared${(companies += 1)}`;
  readonly number = `20-${String(1_000_000 + companies)}`;
  tradeAccountId = '';
  owner!: PortalClient;

  constructor(readonly portal: Portal) {}

  static async open(portal: Portal): Promise<SharedLogin> {
    const company = new SharedLogin(portal);
    company.owner = await company.syncs('owner', true, ['RunReports', 'FileProtests', 'ViewEntries']);
    const { tradeAccounts } = (await company.owner.get('/api/v1/me/trade-accounts')).body;
    company.tradeAccountId = tradeAccounts[0].tradeAccountId as string;
    return company;
  }

  get users(): string {
    return `/api/v1/me/trade-accounts/${this.tradeAccountId}/users`;
  }

  email(who: string): string {
    return `${who}@${this.name}.example`;
  }

  /** Somebody with an account, who synced a legacy account of the company. */
  async syncs(who: string, owner: boolean, permissions: string[]): Promise<PortalClient> {
    const { portal, number } = this;
    const legacyUserId = `${this.name}-${who}`;
    const tradeAccounts = [{ type: 'Importer' as const, number, owner, permissions }];
    await importLegacy(
      portal,
      legacyAccount(legacyUserId, { tradeAccounts, passwordHash: ldapHash(LEGACY_PASSWORD) }),
    );
    const client = await this.joins(who);
    const { headers, status } = await sync(client, legacyUserId);
    if (status !== 201) throw new Error('not synced');
    await client.get('/api/v1/me/trade-accounts', {
      'consistency-token': headers.get('consistency-token')!,
    });
    return client;
  }

  /** Creates an account and signs in. */
  async joins(who: string): Promise<PortalClient> {
    await partner(this.portal, this.email(who));
    return signedIn(this.portal, this.email(who));
  }

  creates(who: string, permissions: readonly string[] = ['RunReports'], headers = {}): Promise<Answer> {
    const person = { email: this.email(who), givenName: 'Ben', familyName: 'Okafor' };
    return this.owner.post(this.users, { ...person, permissions }, headers);
  }

  removes(userId: string, by: PortalClient = this.owner): Promise<Answer> {
    return by.delete(`${this.users}/${userId}`);
  }

  async list(by: PortalClient = this.owner): Promise<Record<string, unknown>[]> {
    return (await by.get(this.users)).body.users;
  }

  /** By the mailed link; returns the legacy user id that the mail gives. */
  async setsUp(who: string, password = NEW_PASSWORD): Promise<string> {
    const token = await this.portal.mailedToken(this.email(who), 'legacy-password');
    const set = { token, password, passwordAgain: password };
    const { status } = await this.portal.client().post(SET, set);
    if (status !== 200) throw new Error('the legacy password was not set');
    return this.mailedUserId(who);
  }

  async mailedUserId(who: string): Promise<string> {
    const mails = await this.portal.mailsTo(this.email(who));
    const found = mails.flatMap((text) => /^[A-Z2-9]{10}$/m.exec(text) ?? []);
    if (found[0] === undefined) throw new Error('no mail gives a legacy user id');
    return found.at(-1)!;
  }

  async tradeAccountsOf(client: PortalClient): Promise<{ permissions: string[]; isOwner: boolean }[]> {
    return (await client.get('/api/v1/me/trade-accounts')).body.tradeAccounts;
  }
}
