import { importLegacyAccount } from '../domain/legacy-account/import.js';
import type { SourceRow } from '../domain/legacy-account/events.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import {
  canonicalLegacyUserId,
  type LegacyProfile,
  type LegacyRecord,
} from '../domain/legacy-account/record.js';
import { RecentMap } from '../engine/recent-map.js';
import { deriveKey, keyedHash } from '../engine/secrets.js';
import type { Keyring } from '../engine/sealing.js';
import type { CommandContext, Streams } from '../engine/streams.js';

/** More than the lines of one piece of a file. */
const IDS_KEPT_MAX = 4_000;
const KEYS_AT_ONCE = 1_000;

export type Imported = 'imported' | 'changed' | 'unchanged';

/** The accounts of the legacy portal, as far as they are known here. User ids appear only as keyed hashes. */
export class LegacyDirectory {
  private readonly key: Buffer;
  /** Of those expected, until they are taken over. */
  private readonly ids = new RecentMap<string, string>(IDS_KEPT_MAX);

  constructor(
    addressKey: Uint8Array,
    private readonly streams: Streams,
    private readonly keyring: Keyring,
  ) {
    this.key = deriveKey(addressKey, 'legacy-account');
  }

  idOf(legacyUserId: string): string {
    const userId = canonicalLegacyUserId(legacyUserId);
    const known = this.ids.get(userId);
    if (known !== undefined) return known;
    const id = keyedHash(this.key, [userId]);
    this.ids.set(userId, id);
    return id;
  }

  /** Before many of them are taken over: what they have in common is done once. */
  async expect(legacyUserIds: readonly string[]): Promise<void> {
    const ids = legacyUserIds.map((userId) => this.idOf(userId));
    for (let from = 0; from < ids.length; from += KEYS_AT_ONCE) {
      await this.keyring.prepareSealingKeys(ids.slice(from, from + KEYS_AT_ONCE));
    }
  }

  /** `isNew`: what to expect; either way it is found out. Throws `LegacyUserIdTwice`, `PersonErasedError`, and the store's errors. */
  async take(
    record: LegacyProfile | LegacyRecord,
    row: SourceRow | null,
    context: CommandContext,
    isNew = false,
  ): Promise<Imported> {
    const id = this.idOf(record.legacyUserId);
    const decision = importLegacyAccount(record, row);
    const { events } = isNew
      ? await this.streams.decideOnNew(legacyAccountDecider, id, decision, context)
      : await this.streams.decide(legacyAccountDecider, id, decision, context);
    if (events.length === 0) return 'unchanged';
    return events.some(({ type }) => type === 'LegacyAccountImported') ? 'imported' : 'changed';
  }
}
