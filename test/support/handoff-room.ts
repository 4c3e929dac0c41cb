import type { Replacements } from '../../src/app.module.js';
import { importLegacy, legacyAccount, sync } from './legacy.js';
import { LegacyPortal } from './legacy-portal.js';
import { partner, signedIn } from './people.js';
import { Portal } from './portal.js';
import type { Answer, PortalClient } from './portal-client.js';

export const HANDOFFS = '/api/v1/me/legacy-handoffs';

/** A portal and the legacy portal beside it, which know each other. */
export class HandoffRoom {
  private constructor(
    readonly portal: Portal,
    readonly legacy: LegacyPortal,
  ) {}

  static async open(
    settings: Record<string, string> = {},
    replacements?: Replacements,
  ): Promise<HandoffRoom> {
    const legacy = await LegacyPortal.start();
    const opening = Portal.open({ ...legacy.settings, ...settings }, replacements);
    const portal = await opening.catch(async (error: unknown) => {
      await legacy.close();
      throw error;
    });
    legacy.connect(portal);
    return new HandoffRoom(portal, legacy);
  }

  readonly close = async (): Promise<void> => {
    await this.portal.close();
    await this.legacy.close();
  };

  /** A partner who synced with the legacy account of this user id, signed in. */
  async synced(legacyUserId: string): Promise<{ client: PortalClient; accountId: string; email: string }> {
    const email = `${legacyUserId.toLowerCase()}@broker.example`;
    await importLegacy(this.portal, legacyAccount(legacyUserId));
    const accountId = await partner(this.portal, email);
    const client = await signedIn(this.portal, email);
    const receipt = await sync(client, legacyUserId);
    if (receipt.status !== 201) throw new Error(`not synced: ${receipt.text}`);
    return { client, accountId, email };
  }

  /** Throws where none is given. */
  async ticket(client: PortalClient): Promise<string> {
    const answer = await client.post(HANDOFFS);
    if (answer.status !== 201) throw new Error(`no ticket: ${answer.text}`);
    return answer.body.ticket as string;
  }

  redeem(ticket: string, assertion?: string): Promise<Answer> {
    return this.legacy.redeem(ticket, assertion);
  }
}
