import {
  circuitBreaker,
  ConsecutiveBreaker,
  ConstantBackoff,
  handleAll,
  type IPolicy,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { canonicalLegacyUserId, legacyProfile, type LegacyProfile } from '../domain/legacy-account/record.js';
import { LegacyPortal, LegacyPortalAway } from '../ports.js';

export interface LegacyPortalTimes {
  /** How long one request may take. */
  readonly answerMs: number;
  /** Before the second and last try. */
  readonly retryAfterMs: number;
  /** How long nobody asks after a row of failures. */
  readonly breakMs: number;
}

const FAILURES_IN_A_ROW_MAX = 5;
const ANSWER_BYTES_MAX = 1024 * 1024;
const times: LegacyPortalTimes = { answerMs: 3_000, retryAfterMs: 200, breakMs: 10_000 };

/** Asks the legacy portal over HTTP, as docs/legacy-portal.md has it. Asking again does no harm: it changes nothing there. */
export class LegacyPortalClient extends LegacyPortal {
  private readonly url: string;
  private readonly authorization: string | null;
  private readonly policy: IPolicy;

  /** Name and password in the URL go along as Basic authorization. */
  constructor(url: string, { answerMs, retryAfterMs, breakMs } = times) {
    super();
    const { username, password } = new URL(url);
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.authorization = username === '' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`;
    this.url = Object.assign(new URL(url), { username: '', password: '' }).href;
    this.policy = wrap(
      retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(retryAfterMs) }),
      circuitBreaker(handleAll, {
        halfOpenAfter: breakMs,
        breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW_MAX),
      }),
      timeout(answerMs, TimeoutStrategy.Aggressive),
    );
  }

  override async check(legacyUserId: string, legacyPassword: string): Promise<LegacyProfile | null> {
    try {
      return await this.policy.execute(({ signal }) => this.ask(legacyUserId, legacyPassword, signal));
    } catch (cause) {
      throw new LegacyPortalAway('the legacy portal did not answer as agreed', { cause });
    }
  }

  private async ask(
    legacyUserId: string,
    legacyPassword: string,
    signal: AbortSignal,
  ): Promise<LegacyProfile | null> {
    const response = await fetch(this.url, {
      method: 'POST',
      // A password goes nowhere but to where the operator said.
      redirect: 'error',
      signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(this.authorization !== null && { authorization: this.authorization }),
      },
      body: JSON.stringify({ legacyUserId, legacyPassword }),
    });
    if (response.status !== 200) await response.body?.cancel();
    if (response.status === 403) return null;
    if (response.status !== 200) throw new Error(`it answered ${response.status}`);
    const profile = legacyProfile.parse(JSON.parse(await boundedText(response)));
    if (canonicalLegacyUserId(profile.legacyUserId) !== canonicalLegacyUserId(legacyUserId)) {
      throw new Error('it answered for somebody else');
    }
    return profile;
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
