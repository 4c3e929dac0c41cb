import { partner, PASSWORD, signedIn, staff } from './people.js';
import type { Answer, PortalClient } from './portal-client.js';
import { HOUR, type Portal } from './portal.js';
import { broughtOver } from './trade.js';

export const OWN = '/api/v1/me/owner-replacements';
export const TEAM = '/api/v1/owner-replacements';

export const newOwner = {
  firstName: 'Grace',
  lastName: 'Hopper',
  dateOfBirth: '12/09/1976',
  telephone: '(202) 555-0123',
  email: 'grace@harbor.example',
};
export const designation = {
  type: 'Importer',
  number: '12-3456789',
  designation: 'TAO',
  newOwner,
};
export const letter = {
  type: 'Exporter',
  number: '98-7654321',
  corporate: {
    companyName: 'Harbor Exports',
    fiscalYearEnd: '12/31',
    address1: '1 Pier Road',
    city: 'Norfolk',
    state: 'VA',
    zip: '23510',
  },
  newOwner,
  justification: 'The current owner has left the company.',
};

/** The smallest files that are what they say. */
export const pdf = Buffer.from(
  '%PDF-1.7\n%âãÏÓ\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
);
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Sends a file as it stands: the status, and the code of a refusal. */
export async function sendFile(
  client: PortalClient,
  path: string,
  type: string,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ status: number; code: string | undefined }> {
  const { status, body } = await client.sendFile(path, type, bytes, headers);
  return { status, code: body.code as string | undefined };
}

/** A trade account with its owner, somebody who applies, the new owner, and two reviewers. */
export interface Cast {
  readonly tradeAccountId: string;
  readonly ownerId: string;
  readonly owner: PortalClient;
  readonly applicant: PortalClient;
  readonly heirId: string;
  readonly heir: PortalClient;
  readonly rita: PortalClient;
  readonly ruth: PortalClient;
}

let casts = 0;

/** Each time another company with other people; the two reviewers are enrolled once a portal. */
export class Company {
  readonly name = `company${(casts += 1)}`;
  readonly number = `10-${String(1_000_000 + casts)}`;

  constructor(readonly portal: Portal) {}

  email(who: string): string {
    return `${who}@${this.name}.example`;
  }

  async cast(type: 'Importer' | 'Exporter' | 'ProtestFiler' = 'Importer'): Promise<Cast> {
    const { portal, number } = this;
    const ownerId = await partner(portal, this.email('owner'));
    await partner(portal, this.email('applicant'));
    const heirId = await partner(portal, this.email('heir'));
    const tradeAccountId = await broughtOver(portal, { accountId: ownerId, type, number });
    return {
      ...{ tradeAccountId, ownerId, heirId },
      owner: await signedIn(portal, this.email('owner')),
      applicant: await signedIn(portal, this.email('applicant')),
      heir: await signedIn(portal, this.email('heir')),
      rita: await reviewer(portal, 'rita'),
      ruth: await reviewer(portal, 'ruth'),
    };
  }

  /** Form A for this company; the heir becomes the owner unless told otherwise. */
  async designate(by: PortalClient, heir = 'heir'): Promise<string> {
    const form = { ...designation, number: this.number, newOwner: { ...newOwner, email: this.email(heir) } };
    return applicationIn(await by.post(`${OWN}/designations`, form));
  }

  /** By the link that was mailed to the owner. */
  async consent(): Promise<void> {
    const token = await this.portal.mailedToken(this.email('owner'), 'owner-consent');
    const { status } = await this.portal.client().post('/api/v1/owner-replacement-consents', { token });
    if (status !== 200) throw new Error('the consent was refused');
  }
}

export function applicationIn({ status, body, text }: Answer): string {
  if (status !== 201) throw new Error(`not submitted: ${text}`);
  return body.applicationId as string;
}

/** Signed in a moment ago, so that no password is asked for again. */
export async function reviewer(portal: Portal, name: string): Promise<PortalClient> {
  const email = `${name}@cbp.example`;
  const client = portal.client();
  if ((await client.signIn(email, PASSWORD)).status === 201) return client;
  return staff(portal, 'applicationTeam', email);
}

export const take = (by: PortalClient, id: string) => by.post(`${TEAM}/${id}/reviews`);
export const approve = (by: PortalClient, id: string) => by.post(`${TEAM}/${id}/approvals`);

/** Time for the owner to object, after which everybody is signed in anew. */
export async function afterTheWait(portal: Portal): Promise<Pick<Cast, 'rita' | 'ruth'>> {
  portal.clock.advance(72 * HOUR);
  return { rita: await reviewer(portal, 'rita'), ruth: await reviewer(portal, 'ruth') };
}

/** What the account's trade accounts are, as the portal shows them. */
export async function ownedBy(client: PortalClient): Promise<string[]> {
  const { body } = await client.get('/api/v1/me/trade-accounts');
  return (body.tradeAccounts as { tradeAccountId: string; isOwner: boolean }[])
    .filter(({ isOwner }) => isOwner)
    .map(({ tradeAccountId }) => tradeAccountId);
}
