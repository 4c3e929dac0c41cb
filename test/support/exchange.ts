import { Agent, request } from 'node:http';

/** An answer to the byte: status line, headers in their order and spelling, and body. Of `Date`, only that it is there. */
export interface Exchange {
  readonly status: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Sends JSON over a connection that is kept, as browsers do. */
export function post(
  url: string,
  body: object,
  agent: Agent,
  more: Record<string, string> = {},
): Promise<Exchange> {
  const payload = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(payload)),
    ...more,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('error', reject).on('end', () =>
        resolve({
          status: `HTTP/${answer.httpVersion} ${answer.statusCode} ${answer.statusMessage}`,
          headers: lines(answer.rawHeaders),
          body: text,
        }),
      );
    });
    sent.on('error', reject).end(payload);
  });
}

const lines = (raw: readonly string[]): string[] =>
  raw.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    return [name.toLowerCase() === 'date' ? name : `${name}: ${raw[index + 1]!}`];
  });
