/** A connection string of EventStoreDB that was checked, and what of it may be shown. */
export interface EsdbAddress {
  /** As the client takes it; may hold a password. */
  readonly url: string;
  /** The hosts, without credentials. */
  readonly place: string;
}

const FORM = /^esdb(?:\+discover)?:\/\/(?:[^:@/?]+:[^@]+@)?(?<place>[^@?/]+)\/*(?:\?(?<options>.*))?$/;

const OPTIONS = new Set(
  'tls tlscafile usercertfile userkeyfile nodepreference maxdiscoverattempts discoveryinterval gossiptimeout connectionname defaultdeadline keepaliveinterval keepalivetimeout'.split(
    ' ',
  ),
);

/** Seconds. The client's own 5 would be all that a recovery may take when one node of a cluster is silent. */
const GOSSIP_TIMEOUT = 'gossipTimeout=2';

/** Throws `TypeError`, whose message holds nothing of what was given but the names of options. */
export function esdbAddress(connectionString: string): EsdbAddress {
  const url = connectionString.trim();
  const { place, options = '' } = FORM.exec(url)?.groups ?? {};
  if (place === undefined) {
    throw new TypeError(
      'the connection string of EventStoreDB is esdb://user:password@host:2113,host:2113?option=value, or esdb+discover://; the password is percent-encoded',
    );
  }
  const names = options.split('&').flatMap((option) => (option === '' ? [] : [option.split('=')[0]!]));
  for (const name of names) {
    // The client warns of these on the console, quoting the connection string with its password, or (throwOnAppendFailure)
    // then answers appends with wrong revisions.
    if (!OPTIONS.has(flat(name))) throw new TypeError(`${name} is no option that EventStoreDB may be given`);
  }
  if (names.some((name) => flat(name) === 'gossiptimeout')) return { url, place };
  return { url: `${url}${options === '' ? '?' : '&'}${GOSSIP_TIMEOUT}`.replace('??', '?'), place };
}

const flat = (name: string): string => name.trim().toLowerCase().replace(/[_-]/g, '');
