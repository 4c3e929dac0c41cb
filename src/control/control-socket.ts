import { join, relative, resolve } from 'node:path';

/** Systems take no longer path for a socket (macOS: 104 bytes with the final NUL), and some cut a longer one without a word. */
const PATH_BYTES_MAX = 100;

/** The path of the socket is too long for any operating system. */
export class SocketPathTooLong extends Error {
  override readonly name = 'SocketPathTooLong';
}

/** Where the service of this DATA_DIR takes the operator's commands: by the shorter of two names. Throws `SocketPathTooLong`. */
export function controlSocket(dataDir: string): string {
  const whole = join(resolve(dataDir), 'control.sock');
  const near = relative(process.cwd(), whole);
  const path = Buffer.byteLength(near) < Buffer.byteLength(whole) ? near : whole;
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
    throw new SocketPathTooLong(
      `${whole} is too long a path for a socket (at most ${PATH_BYTES_MAX} bytes). Set DATA_DIR to a shorter one, or start from a folder nearer to it.`,
    );
  }
  return path;
}
