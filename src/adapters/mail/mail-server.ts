/** Where and how to reach the mail server. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** No mail without TLS: links in mails are secrets. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly tls?: { readonly rejectUnauthorized: false };
}

const loopback = /^(localhost|127(\.\d+){3}|::1)$/;

/** Reads `smtp[s]://[user:password@]host[:port][?tls=…]`. Without `smtps` the connection is upgraded (STARTTLS) before anything
 *  is said, except to this machine; `tls=optional` also talks in the clear, `tls=unverified` takes any certificate.
 *  Throws a `TypeError` that does not repeat the URL, which may hold a password. */
export function mailServer(url: string): MailServer {
  if (!URL.canParse(url)) throw new TypeError('SMTP_URL is no URL');
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    throw new TypeError('SMTP_URL must begin with smtp:// or smtps://');
  if (hostname === '') throw new TypeError('SMTP_URL names no host');
  const { tls = 'required', ...others } = Object.fromEntries(searchParams);
  if (Object.keys(others).length > 0 || !['required', 'optional', 'unverified'].includes(tls)) {
    throw new TypeError('SMTP_URL knows only the options tls=required, tls=optional and tls=unverified');
  }
  const host = decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1');
  const secure = protocol === 'smtps:';
  return {
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && tls !== 'optional' && !loopback.test(host),
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    ...(tls === 'unverified' && { tls: { rejectUnauthorized: false } }),
  };
}
