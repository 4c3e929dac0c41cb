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
import { LegacyPortalAway } from '../ports.js';

export interface LegacyPortalTimes {
  /** How long one request may take. */
  readonly answerMs: number;
  /** Before the second and last try. */
  readonly retryAfterMs: number;
  /** How long nobody asks after a row of failures. */
  readonly breakMs: number;
}

const FAILURES_IN_A_ROW_MAX = 5;
const times: LegacyPortalTimes = { answerMs: 3_000, retryAfterMs: 200, breakMs: 10_000 };

/** Asks one address of the legacy portal by POST, within bounds on how long and how often. Asking again must do no harm there. */
export class LegacyPortalLine {
  private readonly url: string;
  private readonly authorization: string | null;
  private readonly policy: IPolicy;

  /** Name and password in the URL go along as Basic authorization. */
  constructor(url: string, { answerMs, retryAfterMs, breakMs } = times) {
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

  /** What `read` makes of the answer; it throws for one that is not as agreed. Throws `LegacyPortalAway`. */
  async post<T>(body: object, read: (response: Response) => Promise<T> | T): Promise<T> {
    try {
      return await this.policy.execute(async ({ signal }) => read(await this.send(body, signal)));
    } catch (cause) {
      throw new LegacyPortalAway('the legacy portal did not answer as agreed', { cause });
    }
  }

  private send(body: object, signal: AbortSignal): Promise<Response> {
    return fetch(this.url, {
      method: 'POST',
      // What is personal goes nowhere but to where the operator said.
      redirect: 'error',
      signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(this.authorization !== null && { authorization: this.authorization }),
      },
      body: JSON.stringify(body),
    });
  }
}
