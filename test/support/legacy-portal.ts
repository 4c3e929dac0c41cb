import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import type { Answer } from './portal-client.js';
import type { Portal } from './portal.js';

export const CLIENT_ID = 'legacy-ace-portal';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const COOKIE = 'LEGACYSESSION';

/** A session at the legacy portal, and what it came from. */
export interface LegacySession {
  readonly cookie: string;
  readonly legacyUserId: string;
  readonly accountId: string;
  readonly sid: string;
}

/** A small legacy portal over HTTP: browsers post tickets to it, it checks and redeems them, and opens sessions of its own. */
export class LegacyPortal {
  readonly sessions: LegacySession[] = [];
  /** Logout tokens as they came (OpenID Connect Back-Channel Logout 1.0), oldest first. */
  readonly logoutTokens: string[] = [];
  /** What it answers to logout tokens; another status than 200 keeps its sessions. */
  logoutStatus = 200;
  /** Logout tokens are taken, and never answered. */
  holdsLogouts = false;
  private portal: Portal | null = null;

  private constructor(
    private readonly server: Server,
    readonly key: CryptoKey,
    /** Its own public keys. */
    readonly keySet: JSONWebKeySet,
  ) {}

  static async start(): Promise<LegacyPortal> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'legacy-1', use: 'sig' }];
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const legacy = new LegacyPortal(server, privateKey, { keys });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      legacy.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    return legacy;
  }

  /** What the operator of the portal sets. */
  get settings(): Record<string, string> {
    return {
      LEGACY_PORTAL_URL: `${this.url}/handoff`,
      LEGACY_PORTAL_CLIENT_ID: CLIENT_ID,
      LEGACY_PORTAL_JWKS: JSON.stringify(this.keySet),
      LEGACY_LOGOUT_URL: this.backChannelLogoutUrl,
    };
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get backChannelLogoutUrl(): string {
    return `${this.url}/backchannel-logout`;
  }

  /** What its operator sets: where the portal is. */
  connect(portal: Portal): void {
    this.portal = portal;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** Whom a browser with this cookie is, to the legacy portal. */
  whoIs(cookie: string | undefined): LegacySession | undefined {
    return this.sessions.find((session) => session.cookie === cookie);
  }

  /** By the keys that the portal publishes; throws for what is no JWT of the portal for this one. */
  async verified(token: string, typ: string): Promise<JWTPayload> {
    const { url, config, clock } = this.connected;
    const keys = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const expected = { issuer: config.PUBLIC_URL, audience: CLIENT_ID, typ, algorithms: ['EdDSA'] };
    const options = { ...expected, currentDate: new Date(clock.now()) };
    return (await jwtVerify(token, createLocalJWKSet(keys), options)).payload;
  }

  /** A proof that it is the legacy portal, good for a minute. */
  assertion(claims: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(this.connected.clock.now() / 1000);
    const usual = {
      ...{ iss: CLIENT_ID, sub: CLIENT_ID, aud: this.connected.config.PUBLIC_URL },
      ...{ jti: randomUUID(), iat: now, exp: now + 60 },
    };
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'legacy-1', ...header })
      .sign(this.key);
  }

  async redeem(ticket: string, assertion?: string): Promise<Answer> {
    return this.connected.client().post('/api/v1/legacy-handoffs/redemptions', {
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion ?? (await this.assertion()),
      ticket,
    });
  }

  private get connected(): Portal {
    if (!this.portal) throw new Error('the legacy portal was not told where the portal is');
    return this.portal;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new URLSearchParams(await textOf(request));
    switch (`${request.method} ${request.url}`) {
      case 'POST /handoff':
        return this.letIn(body.get('ticket') ?? '', response);
      case 'POST /backchannel-logout':
        return this.logOut(body.get('logout_token') ?? '', response);
      case 'GET /':
        return this.welcome(request.headers.cookie ?? '', response);
      default:
        response.writeHead(404).end();
    }
  }

  private async letIn(ticket: string, response: ServerResponse): Promise<void> {
    const isTicket = await this.verified(ticket, 'portcullis-handoff+jwt').then(
      () => true,
      () => false,
    );
    const { status, body } = isTicket ? await this.redeem(ticket) : { status: 'no ticket', body: null };
    if (status !== 200) {
      response.writeHead(403, { 'content-type': 'text/html' }).end(`<p>Not let in: ${status}</p>`);
      return;
    }
    const { legacyUserId, accountId, sid } = body as Omit<LegacySession, 'cookie'>;
    const cookie = randomUUID();
    this.sessions.push({ cookie, legacyUserId, accountId, sid });
    const headers = { 'set-cookie': `${COOKIE}=${cookie}; HttpOnly`, location: `${this.url}/` };
    response.writeHead(303, headers).end();
  }

  private async logOut(token: string, response: ServerResponse): Promise<void> {
    this.logoutTokens.push(token);
    if (this.holdsLogouts) return;
    if (this.logoutStatus === 200) {
      const { sid, sub } = await this.verified(token, 'logout+jwt');
      const left = this.sessions.filter(
        (session) => !(sid === undefined ? session.accountId === sub : session.sid === sid),
      );
      this.sessions.splice(0, this.sessions.length, ...left);
    }
    response.writeHead(this.logoutStatus, { 'cache-control': 'no-store' }).end();
  }

  private async welcome(cookies: string, response: ServerResponse): Promise<void> {
    const [, cookie] = new RegExp(`${COOKIE}=([^;]+)`).exec(cookies) ?? [];
    const session = this.whoIs(cookie);
    const text = session
      ? `Legacy ACE Portal: welcome ${session.legacyUserId}`
      : 'Legacy ACE Portal: sign in';
    response.writeHead(session ? 200 : 401, { 'content-type': 'text/html' }).end(`<h1>${text}</h1>`);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}
