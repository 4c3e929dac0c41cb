import { createTransport } from 'nodemailer';
import { mailServer } from './mail-server.js';

const STEP_MS = 5_000;

/** Greets the mail server and signs in, sending nothing; returns why that did not work, in codes only, or null. */
export async function smtpTrouble(url: string): Promise<string | null> {
  let transport;
  try {
    transport = createTransport({
      ...mailServer(url),
      dnsTimeout: STEP_MS,
      connectionTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
    });
    await transport.verify();
    return null;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    const { code, originalCode, command, responseCode } = error as Record<string, unknown>;
    const codes = [code, originalCode, command, responseCode].filter(Boolean);
    return `the mail server does not take us (${codes.join(' ')})`;
  } finally {
    transport?.close();
  }
}
