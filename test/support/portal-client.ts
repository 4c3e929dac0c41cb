/** What came back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Answers are checked by the tests that read them.
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** Speaks to the API as a program does: JSON, and a Bearer token once signed in. */
export class PortalClient {
  token: string | null = null;

  constructor(readonly url: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('DELETE', path, undefined, headers);
  }

  /** Signs in and keeps the token; the answer is the test's to check. */
  async signIn(email: string, password: string, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await this.post('/api/v1/sessions', { email, password }, headers);
    if (answer.status === 201) this.token = answer.body.token as string;
    return answer;
  }

  /** Sends a file as it stands. */
  sendFile(
    path: string,
    type: string,
    bytes: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.send('POST', path, bytes, { 'content-type': type, ...headers });
  }

  async send(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== null && { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isText(body) ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }
}

const isText = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;
