import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
  type IPolicy,
} from 'cockatiel';
import type { LogoutTrouble } from '../domain/legacy-account/events.js';
import { LegacyLogouts, LegacyPortalAway } from '../ports.js';

export interface LegacyLogoutTimes {
  /** How long one request may take. */
  readonly answerMs: number;
  /** How long nobody is told anything after a row of failures. */
  readonly breakMs: number;
}

const FAILURES_IN_A_ROW_MAX = 5;
const times: LegacyLogoutTimes = { answerMs: 3_000, breakMs: 5_000 };

/** Posts logout tokens to the legacy portal, as docs/legacy-portal.md has it. */
export class LegacyLogoutClient extends LegacyLogouts {
  private readonly breaker: IPolicy;

  constructor(
    private readonly url: string,
    private readonly limits: LegacyLogoutTimes = times,
  ) {
    super();
    // A portal that refuses one logout is there, and may take the next.
    this.breaker = circuitBreaker(
      handleWhenResult((trouble) => trouble !== null && trouble !== 'Refused'),
      { halfOpenAfter: limits.breakMs, breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW_MAX) },
    );
  }

  override async send(logoutToken: string): Promise<LogoutTrouble | null> {
    try {
      return await this.breaker.execute(() => this.post(logoutToken));
    } catch (cause) {
      if (!(cause instanceof BrokenCircuitError)) throw cause;
      throw new LegacyPortalAway('the legacy portal did not answer just now', { cause });
    }
  }

  private async post(logoutToken: string): Promise<LogoutTrouble | null> {
    const signal = AbortSignal.timeout(this.limits.answerMs);
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        // Another address is none that the operator named.
        redirect: 'manual',
        signal,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ logout_token: logoutToken }).toString(),
      });
      // Whatever else it says is not read.
      await response.body?.cancel();
      if (response.status === 200 || response.status === 204) return null;
      return response.status === 400 ? 'Refused' : 'Faulty';
    } catch {
      // Nothing came back in time, or nothing at all: what it was stands in no message that could be trusted to hold no token.
      return signal.aborted ? 'TimedOut' : 'Unreachable';
    }
  }
}

/** Where the operator named no address. */
export class NoLegacyLogouts extends LegacyLogouts {
  override send(): Promise<never> {
    return Promise.reject(new LegacyPortalAway('no LEGACY_LOGOUT_URL is set'));
  }
}
