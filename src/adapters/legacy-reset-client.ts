import { LegacyResetPortal } from '../ports.js';
import { LegacyPortalLine, type LegacyPortalTimes } from './legacy-portal-line.js';

const TAKEN: ReadonlySet<number> = new Set([202, 204]);

/** Asks the legacy portal over HTTP to reset a password, as docs/legacy-portal.md has it. Asking again sends its user one mail more. */
export class LegacyResetClient extends LegacyResetPortal {
  private readonly line: LegacyPortalLine;

  /** Name and password in the URL go along as Basic authorization. */
  constructor(url: string, times?: LegacyPortalTimes) {
    super();
    this.line = new LegacyPortalLine(url, times);
  }

  override ask(legacyUserId: string): Promise<void> {
    return this.line.post({ legacyUserId }, async (response) => {
      await response.body?.cancel();
      if (!TAKEN.has(response.status)) throw new Error(`it answered ${response.status}`);
    });
  }
}
