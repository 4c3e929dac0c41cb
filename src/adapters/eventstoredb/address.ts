/** A connection string of EventStoreDB that was checked, and what of it may be shown. */
export interface EsdbAddress {
  /** As the client takes it; may hold a password. */
  readonly url: string;
  /** The hosts, without credentials. */
  readonly place: string;
  /** How long a connection may leave a ping unanswered. */
  readonly keepAliveTimeoutMs: number;
}

const FORM = /^esdb(?:\+discover)?:\/\/(?:[^:@/?]+:[^@]+@)?(?<place>[^@?/]+)\/*(?:\?(?<options>.*))?$/;

const OPTIONS = new Set(
  'tls tlscafile usercertfile userkeyfile nodepreference maxdiscoverattempts discoveryinterval gossiptimeout connectionname defaultdeadline keepaliveinterval keepalivetimeout'.split(
    ' ',
  ),
);

/** The client's own 5 would be all that a recovery may take when one node of a cluster is silent. */
const GOSSIP_TIMEOUT_SECONDS = 2;

/** Throws `TypeError`, whose message holds nothing of what was given but the names of options. */
export function esdbAddress(connectionString: string): EsdbAddress {
  const url = connectionString.trim();
  const { place, options = '' } = FORM.exec(url)?.groups ?? {};
  if (place === undefined) {
    throw new TypeError(
      'the connection string of EventStoreDB is esdb://user:password@host:2113,host:2113?option=value, or esdb+discover://; the password is percent-encoded',
    );
  }
  const given = new Map<string, string>();
  for (const option of options.split('&').filter((text) => text !== '')) {
    const [name, value = ''] = option.split('=', 2) as [string, string?];
    // The client warns of these on the console, quoting the connection string with its password, or (throwOnAppendFailure)
    // then answers appends with wrong revisions.
    if (!OPTIONS.has(flat(name))) throw new TypeError(`${name} is no option that EventStoreDB may be given`);
    given.set(flat(name), value);
  }
  const keepAliveTimeoutMs = Number(given.get('keepalivetimeout') ?? 10_000);
  const form = options === '' ? `${url.replace(/\?$/, '')}?` : `${url}&`;
  return {
    url: `${form}gossipTimeout=${given.get('gossiptimeout') ?? GOSSIP_TIMEOUT_SECONDS}`,
    place,
    keepAliveTimeoutMs,
  };
}

let clients = 0;

/** A connection string for one more client. gRPC gives clients with the same settings the same connection, also one that is half
 *  open: so each waits a millisecond longer than the last. */
export function ownConnection({ url, keepAliveTimeoutMs }: EsdbAddress): string {
  clients = (clients + 1) % 1_000;
  return keepAliveTimeoutMs < 0 ? url : `${url}&keepAliveTimeout=${keepAliveTimeoutMs + clients}`;
}

const flat = (name: string): string => name.trim().toLowerCase().replace(/[_-]/g, '');
