import '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AccountRules } from '../commands/account-rules.js';
import { readSessionToken, sameToken } from '../commands/session-tokens.js';
import { accountDecider } from '../domain/account/account.js';
import { shutCauses } from '../domain/account/doors.js';
import type { Account } from '../domain/account/state.js';
import { Streams, type Current } from '../engine/streams.js';
import { Clock } from '../ports.js';
import { liveSessions } from './live-sessions.js';
import type { Caller } from './portal-request.js';
import { refuse } from './problem.js';

export const SESSION_COOKIE = '__Host-portcullis';

/** Where the token came in: a cookie needs more proof on writes, since browsers send it unasked. */
export interface Credentials {
  readonly token: string;
  readonly from: 'cookie' | 'header';
}

/** Throws where both or something unreadable is sent. */
export function credentialsOf(request: FastifyRequest): Credentials | null {
  const { authorization } = request.headers;
  const cookie = request.cookies[SESSION_COOKIE];
  if (authorization === undefined) return cookie === undefined ? null : { token: cookie, from: 'cookie' };
  if (cookie !== undefined) {
    const detail = 'must not be sent together with the session cookie';
    throw refuse('MalformedRequest', { errors: [{ pointer: '#/headers/Authorization', detail }] });
  }
  const [, token] = /^Bearer ([\w.-]{1,200})$/i.exec(authorization) ?? [];
  if (token === undefined) throw refuse('NotSignedIn');
  return { token, from: 'header' };
}

/** Finds whose session a token is, on the account's own state: no view has to catch up before a suspension holds. */
@Injectable()
export class Authentication {
  constructor(
    private readonly streams: Streams,
    private readonly rules: AccountRules,
    private readonly clock: Clock,
  ) {}

  /** `current`: the caller has seen what another instance may have written just now, and must not be answered from before it.
   *  Throws `NotSignedIn` for every token that opens nothing, `AccountShut` while the account is locked. */
  async callerOf(token: string, current: boolean): Promise<Caller> {
    const parts = readSessionToken(token);
    if (!parts) throw refuse('NotSignedIn');
    if (!current) {
      const known = this.judge(parts, await this.streams.recent(accountDecider, parts.accountId));
      if (typeof known !== 'string') return known;
    }
    // A refusal is not given from a state in which a sign-in or an unlock elsewhere may be missing.
    const caller = this.judge(parts, await this.streams.read(accountDecider, parts.accountId));
    if (typeof caller === 'string') throw refuse(caller);
    return caller;
  }

  private judge(
    { accountId, tokenHash }: { readonly accountId: string; readonly tokenHash: string },
    { state, position }: Current<Account>,
  ): Caller | 'NotSignedIn' | 'AccountShut' {
    if (state.status !== 'Registered') return 'NotSignedIn';
    const now = this.clock.now();
    const live = liveSessions(state, this.rules, now);
    const session = live.find((each) => sameToken(each.tokenHash, tokenHash));
    if (!session) return 'NotSignedIn';
    if (shutCauses(state, now).length > 0) return 'AccountShut';
    return { accountId, account: state, session, position };
  }
}
