import { v5 } from 'uuid';
import { readSettings } from '../../src/config.js';
import { DemoClock } from '../../src/demo/demo-clock.js';
import { fillDemo } from '../../src/demo/fill-demo.js';
import { fillReplacements } from '../../src/demo/fill-replacements.js';
import { personas } from '../../src/demo/personas.js';
import { EventStore } from '../../src/ports.js';
import { completeConfig } from '../../src/secrets-file.js';
import { startService } from '../../src/service.js';
import { ServiceLog } from '../../src/service-log.js';
import { PortalClient } from '../support/portal-client.js';

const settings = {
  ...{ EVENT_STORE_URL: ':memory:', READ_STORE_URL: ':memory:', PORT: '0' },
  ...{ HASH_MEMORY_KIB: '8', HASH_PASSES: '1', LOG_LEVEL: 'silent', ADMIN_ADDRESS: '127.0.0.1:0' },
};
const contextOf = (step: string) => {
  const commandId = v5(step, '0d7f2c84-52a5-4f43-8a34-3f5be0f7a7b1');
  const actor = { kind: 'system', id: 'demo', role: null } as const;
  return { commandId, actor, correlationId: commandId, causationId: commandId };
};

test('the demo has an application of each form in each state, made once however often it is filled', async () => {
  const clock = new DemoClock();
  const config = completeConfig(readSettings(settings), 'demo');
  const heads: unknown[] = [];
  const service = await startService(config, new ServiceLog(config.LOG_LEVEL), {
    clock,
    beforeStart: async (app) => {
      await fillDemo(app, clock);
      heads.push(await app.get(EventStore).head());
      // As after a start that was interrupted before it could say that all is there.
      await fillReplacements(app, clock, contextOf);
      clock.setBack(0);
      heads.push(await app.get(EventStore).head());
    },
  });
  try {
    expect(heads[1]).toBe(heads[0]);
    const { email, password } = personas.find(({ givenName }) => givenName === 'Hana')!;
    const hana = new PortalClient(service.url);
    await hana.signIn(email, password);
    const wanted = ['A', 'B'].flatMap((form) =>
      [
        'Completed',
        'Completed',
        'InReview',
        'InReview',
        'Rejected',
        'Returned',
        'Submitted',
        'Superseded',
      ].map((status) => `${form} ${status}`),
    );
    const states = async () => {
      const { body } = await hana.get('/api/v1/me/owner-replacements');
      const shown = body.applications as { form: string; status: string }[];
      return shown.map(({ form, status }) => `${form} ${status}`).sort();
    };
    for (let tries = 0; tries < 100 && (await states()).length < 18; tries += 1) {
      await new Promise((resume) => setTimeout(resume, 50));
    }
    expect(await states()).toEqual([...wanted, 'A Withdrawn', 'B Withdrawn'].sort());
  } finally {
    await service.close();
  }
}, 60_000);
