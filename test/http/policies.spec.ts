import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AccountRules } from '../../src/commands/account-rules.js';
import type { Role } from '../../src/domain/account/events.js';
import { AccessGuard } from '../../src/http/access-guard.js';
import type { AccessPolicy } from '../../src/http/access.js';
import { HOUR, MINUTE, Portal } from '../support/portal.js';
import { describeApi } from '../../src/http/openapi.js';
import { freshCallers, roles, type Caller } from './callers.js';
import { everyRoute, namesOfEverything, type Route } from './every-route.js';
import { Samples, type Schema } from './samples.js';

const portal = await Portal.open();
afterAll(() => portal.close());
const routes = everyRoute(portal);
const doors = routes.filter(({ url }) => url.startsWith('/api/'));

const NO_ACCOUNT = '00000000-0000-4000-8000-000000000000';

/** What the door says: the code of a refusal, or 'passes' where the request got as far as its input, which is wrong. */
async function tried({ method, url }: Route, { client }: Caller): Promise<string> {
  const answer = await client.send(method, `${url.replace(':id', NO_ACCOUNT)}?probe=1`, undefined, {});
  const [mistake] = answer.body.errors ?? [];
  return mistake?.pointer === '#/query/probe' ? 'passes' : (answer.body.code as string);
}

function expected(policy: AccessPolicy, caller: Caller, weakPasswords: boolean): string {
  const { who, withWeakPassword, stepUp } = policy;
  if (who === 'anyone') return 'passes';
  if (caller.shut !== null) return caller.shut;
  if (who !== 'signed-in' && !caller.roles.some((role) => who.includes(role))) return 'Forbidden';
  if (weakPasswords && !withWeakPassword) return 'PasswordChangeRequired';
  return stepUp && caller.passwordIsOld ? 'StepUpRequired' : 'passes';
}

async function matrix(callers: readonly Caller[], weakPasswords = false) {
  const found: string[] = [];
  const wanted: string[] = [];
  for (const caller of callers) {
    for (const route of doors) {
      const line = `${caller.name}, ${route.name}: `;
      found.push(line + (await tried(route, caller)));
      wanted.push(line + expected(route.facts.policy!, caller, weakPasswords));
    }
  }
  return { found, wanted };
}

describe('access policies', () => {
  it('stand on every route', () => {
    const without = routes.filter(({ facts }) => facts.policy === undefined).map(({ name }) => name);
    expect(without).toEqual([]);
    // What no controller made has no guard, and must be meant for everybody.
    const unguarded = namesOfEverything(portal).filter(
      (name) => !routes.some((route) => route.name === name),
    );
    expect(unguarded).toEqual(['GET /api/openapi.json']);
  });

  it('are missed by nobody: a route without one is refused to everybody', async () => {
    class Forgotten {
      handler(): void {}
    }
    const none = undefined as never;
    const guard = new AccessGuard(new Reflector(), none, none, none, none, none, none, none);
    const context = new ExecutionContextHost([], Forgotten, Forgotten.prototype.handler);
    await expect(guard.canActivate(context)).rejects.toMatchObject({ problem: { code: 'Forbidden' } });
  });

  it('give each role its own: looking, deciding, auditing', () => {
    const namesFor = (role: Role) =>
      doors
        .filter(({ facts: { policy } }) => typeof policy?.who === 'object' && policy.who.includes(role))
        .map(({ name }) => name.replace('/api/v1/', ''));
    const looks = ['GET accounts', 'GET accounts/:id'];
    const changes = ['unlocks', 'suspensions', 'reinstatements', 'recovery-unblocks'];
    const decisions = changes.map((change) => `POST accounts/:id/${change}`);
    expect(namesFor('dutyOfficer')).toEqual([...looks, 'GET legacy-logouts']);
    expect(namesFor('specialist')).toEqual([...looks, ...decisions]);
    expect(namesFor('fieldOfficeManager')).toEqual([...looks, ...decisions]);
    expect(namesFor('auditor')).toEqual([
      'GET audit/accounts/:id/events',
      'POST audit/accounts/:id/revelations',
      'GET audit/events',
      'GET legacy-logouts',
    ]);
    expect(namesFor('applicationTeam')).toEqual([
      ...['designations', 'letters', ':id/evidence'].map((what) => `POST owner-replacements/${what}`),
      ...['/:id/evidence/:number', '', '/:id'].map((what) => `GET owner-replacements${what}`),
      ...['reviews', 'returns', 'rejections', 'approvals'].map(
        (what) => `POST owner-replacements/:id/${what}`,
      ),
    ]);
    expect(namesFor('serviceDesk')).toEqual([
      'POST legacy-accounts/lookups',
      'GET legacy-accounts/:id',
      'POST legacy-accounts/:id/resets',
      'GET legacy-sync-failures',
    ]);
  });

  it('ask for the password again where credentials change, or an owner', () => {
    const asking = doors.filter(({ facts }) => facts.policy?.stepUp).map(({ name }) => name);
    expect(asking).toEqual([
      'POST /api/v1/me/password-changes',
      'POST /api/v1/me/security-question-changes',
      'POST /api/v1/me/contact-email-changes',
      'POST /api/v1/owner-replacements/:id/approvals',
      'POST /api/v1/me/trade-accounts/:id/users',
      'DELETE /api/v1/me/trade-accounts/:id/users/:userId',
    ]);
  });
});

describe('no member of staff', () => {
  it('can set anybody’s password, or say where a link goes', () => {
    const samples = new Samples(describeApi(portal.app));
    const fields = doors
      .filter(({ facts: { policy, takesBody } }) => typeof policy?.who === 'object' && takesBody)
      .flatMap(({ name, operation }) => {
        const { content } = operation!.requestBody as { content: Record<string, { schema: Schema }> };
        return samples
          .fields(content['application/json']!.schema)
          .map(({ pointer, schema }) => ({ name, pointer, schema }));
      });
    expect(fields.length).toBeGreaterThan(10);
    expect(fields.filter(({ schema }) => schema.format === 'password')).toEqual([]);
    const ofDesk = fields.filter(({ name }) => name.includes('legacy-accounts'));
    expect(ofDesk.map(({ pointer }) => pointer).sort()).toEqual([
      '/legacyUserId',
      '/legacyUserId',
      '/reason',
    ]);
  });
});

describe('each kind of caller at each door', () => {
  let callers: Caller[];
  beforeAll(async () => {
    callers = await freshCallers(portal);
  });

  it('gets what the policy says', async () => {
    const { found, wanted } = await matrix(callers);
    expect(found).toEqual(wanted);
  });

  it('gets in as far as before with a password that has become too weak, to change it', async () => {
    const rules = portal.app.get(AccountRules) as { passwordPolicy: string };
    rules.passwordPolicy = 'nist-800-63b-4';
    const { found, wanted } = await matrix(callers, true);
    rules.passwordPolicy = 'portal-8';
    expect(found).toEqual(wanted);
  });

  it('is asked for the password again after five minutes', async () => {
    portal.clock.advance(5 * MINUTE);
    const { found, wanted } = await matrix(callers.map((caller) => ({ ...caller, passwordIsOld: true })));
    expect(found).toEqual(wanted);
  });

  it('is out after half an hour (staff) or an hour (partners) without a request', async () => {
    const isStaff = ({ roles: held }: Caller) => held.length > 0;
    const live = callers.filter(({ shut }) => shut === null);
    expect(live).toHaveLength(1 + roles.length);
    portal.clock.advance(30 * MINUTE);
    const idle = live.map((caller) => ({
      ...caller,
      shut: isStaff(caller) ? ('NotSignedIn' as const) : null,
      passwordIsOld: true,
    }));
    const half = await matrix(idle);
    expect(half.found).toEqual(half.wanted);
    portal.clock.advance(HOUR);
    const whole = await matrix(live.map((caller) => ({ ...caller, shut: 'NotSignedIn' as const })));
    expect(whole.found).toEqual(whole.wanted);
  });
});

describe('a session in use', () => {
  it.each([
    ['a partner', 24],
    ['a specialist', 12],
  ])('of %s ends after %d hours all the same', async (name, hours) => {
    const world = await Portal.open();
    try {
      const caller = (await freshCallers(world)).find((other) => other.name === name)!;
      const route = doors.find((door) => door.name === 'GET /api/v1/me')!;
      for (let minutes = 0; minutes < hours * 60; minutes += 20) {
        expect(await tried(route, caller)).toBe('passes');
        world.clock.advance(20 * MINUTE);
      }
      expect(await tried(route, caller)).toBe('NotSignedIn');
    } finally {
      await world.close();
    }
  });
});
