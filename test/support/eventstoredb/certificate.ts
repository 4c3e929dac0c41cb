import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: Buffer;
  readonly chain: Buffer;
  /** Where clients find it, to trust it. */
  readonly file: string;
}

const SUBJECT = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A self-signed certificate for 127.0.0.1, good for a day. Null where there is no openssl: Node itself makes none. */
export function makeCertificate(): Certificate | null {
  const directory = mkdtempSync(join(tmpdir(), 'stand-in-'));
  const [key, file] = [join(directory, 'key.pem'), join(directory, 'ca.pem')];
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', ...KEY, ...SUBJECT, '-days', '1', '-keyout', key, '-out', file],
      {
        stdio: 'pipe',
      },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { key: readFileSync(key), chain: readFileSync(file), file };
}
