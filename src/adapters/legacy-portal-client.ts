import { canonicalLegacyUserId, legacyProfile, type LegacyProfile } from '../domain/legacy-account/record.js';
import { LegacyPortal } from '../ports.js';
import { LegacyPortalLine, type LegacyPortalTimes } from './legacy-portal-line.js';

const ANSWER_BYTES_MAX = 1024 * 1024;

/** Asks the legacy portal over HTTP, as docs/legacy-portal.md has it. Asking again does no harm: it changes nothing there. */
export class LegacyPortalClient extends LegacyPortal {
  private readonly line: LegacyPortalLine;

  /** Name and password in the URL go along as Basic authorization. */
  constructor(url: string, times?: LegacyPortalTimes) {
    super();
    this.line = new LegacyPortalLine(url, times);
  }

  override check(legacyUserId: string, legacyPassword: string): Promise<LegacyProfile | null> {
    return this.line.post({ legacyUserId, legacyPassword }, async (response) => {
      if (response.status !== 200) await response.body?.cancel();
      if (response.status === 403) return null;
      if (response.status !== 200) throw new Error(`it answered ${response.status}`);
      const profile = legacyProfile.parse(JSON.parse(await boundedText(response)));
      if (canonicalLegacyUserId(profile.legacyUserId) !== canonicalLegacyUserId(legacyUserId)) {
        throw new Error('it answered for somebody else');
      }
      return profile;
    });
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
