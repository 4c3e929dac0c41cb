import { ConfigError, readSettings } from '../src/config.js';

const keys = { MASTER_KEY: 'a'.repeat(64), ADDRESS_KEY: 'b'.repeat(64) };
const servers = {
  EVENT_STORE_URL: 'esdb://127.0.0.1:2113',
  READ_STORE_URL: 'mongodb://127.0.0.1/portcullis',
};

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

describe('Settings of the stores', () => {
  test.each([
    [{}],
    [{ EVENT_STORE_URL: ':memory:', READ_STORE_URL: ':memory:' }],
    [{ ...servers, ...keys }],
    [{ ...servers, ...keys, EVENT_STORE_PREFIX: 'test-7-' }],
    [
      {
        ...keys,
        EVENT_STORE_URL: 'esdb+discover://u:p@a:2113?tls=true',
        READ_STORE_URL: 'mongodb+srv://a.b/c',
      },
    ],
  ])('are taken: %j', (environment) => {
    expect(problemsOf(environment)).toEqual([]);
  });

  test.each([
    [{ EVENT_STORE_URL: ':memory:' }, 'READ_STORE_URL: must be :memory:'],
    [{ ...keys, EVENT_STORE_URL: servers.EVENT_STORE_URL }, 'READ_STORE_URL: must be MongoDB'],
    [{ READ_STORE_URL: servers.READ_STORE_URL }, 'READ_STORE_URL: must be MongoDB'],
    [{ EVENT_STORE_URL: 'http://127.0.0.1:2113' }, 'EVENT_STORE_URL: '],
    [{ EVENT_STORE_URL: 'esdb://' }, 'EVENT_STORE_URL: '],
    [{ ...servers }, 'MASTER_KEY and ADDRESS_KEY: give both'],
    [{ ...servers, MASTER_KEY: keys.MASTER_KEY }, 'MASTER_KEY and ADDRESS_KEY: give both'],
    [{ ...servers, ...keys, EVENT_STORE_PREFIX: 'Test' }, 'EVENT_STORE_PREFIX: '],
    [{ LEGACY_RESET_URL: 'https://legacy.example/resets' }, 'LEGACY_RESET_URL: only together with'],
    [
      { LEGACY_DIRECTORY_URL: 'https://legacy.example/', LEGACY_RESET_URL: 'http://legacy.example/resets' },
      'LEGACY_RESET_URL: https, or http on this machine',
    ],
  ])('are refused: %j', (environment, problem) => {
    const problems = problemsOf(environment);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('Settings of User Access', () => {
  const guide = 'https://training.example/managing-user-access';

  test('are those of the FAQ unless told otherwise', () => {
    expect(readSettings({})).toMatchObject({ USER_ACCESS: 'legacy' });
    expect(readSettings({ USER_ACCESS: 'portal', USER_ACCESS_GUIDE: guide })).toMatchObject({
      USER_ACCESS: 'portal',
      USER_ACCESS_GUIDE: guide,
    });
  });

  test.each([
    [{ USER_ACCESS: 'here' }, 'USER_ACCESS: '],
    [{ USER_ACCESS_GUIDE: 'http://training.example' }, 'USER_ACCESS_GUIDE: '],
    [{ USER_ACCESS_GUIDE: 'javascript:alert(1)' }, 'USER_ACCESS_GUIDE: '],
    [
      { USER_ACCESS: 'portal', LEGACY_DIRECTORY_URL: 'https://legacy.example/check' },
      'USER_ACCESS: portal needs an imported directory',
    ],
  ])('are refused: %j', (environment, problem) => {
    const problems = problemsOf(environment as Record<string, string>);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('The address for logouts', () => {
  const portal = {
    LEGACY_PORTAL_URL: 'https://legacy.example/handoff',
    LEGACY_PORTAL_CLIENT_ID: 'legacy',
    LEGACY_PORTAL_JWKS: JSON.stringify({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
    }),
  };

  test.each([
    ['https://legacy.example/logout', true, null],
    ['http://127.0.0.1:8080/logout', true, null],
    ['https://legacy.example/logout', false, 'LEGACY_LOGOUT_URL: needs LEGACY_PORTAL_URL'],
    ['http://legacy.example/logout', true, 'https, or http on this machine'],
    ['https://user:secret@legacy.example/', true, 'no user name'],
  ])('%s, with the settings of hand-offs: %s', (LEGACY_LOGOUT_URL, hasPortal, problem) => {
    const problems = problemsOf({ ...(hasPortal && portal), LEGACY_LOGOUT_URL });
    expect(problems).toEqual(problem === null ? [] : [expect.stringContaining(problem)]);
  });
});
