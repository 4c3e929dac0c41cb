import { connect } from 'node:net';
import type { Answer } from './portal-client.js';

/** Sends bytes as they are, which no well-behaved client would, and reads until the server ends the connection. With `end` false
 *  the sending side stays open, as if more were to come. */
export function sendRaw(url: string, bytes: string, { end = false } = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(bytes);
    if (end) socket.end();
  });
}

/** The first answer in what was received. */
export function readAnswer(received: string): Answer {
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const line of lines)
    headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1));
  const text = rest.join('\r\n\r\n');
  const isJson =
    /json/.test(headers.get('content-type') ?? '') && headers.has('content-length') && text !== '';
  return {
    status: Number(status.split(' ')[1]),
    headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}
