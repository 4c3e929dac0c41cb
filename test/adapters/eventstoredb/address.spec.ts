import { esdbAddress, ownConnection } from '../../../src/adapters/eventstoredb/address.js';

describe('A connection string', () => {
  test.each([
    ['esdb://localhost:2113?tls=false', 'localhost:2113'],
    ['esdb://admin:changeit@one:2113,two:2113,three?nodePreference=leader', 'one:2113,two:2113,three'],
    ['esdb+discover://admin:p%40ss@cluster.example.org', 'cluster.example.org'],
    ['esdb://admin:a?b/c@host:1/?tlsCAFile=/etc/ca.pem&keep-alive-interval=20000', 'host:1'],
  ])('%s is taken', (url, place) => {
    expect(esdbAddress(url)).toMatchObject({ place, keepAliveTimeoutMs: 10_000 });
  });

  test.each([
    'http://localhost',
    'esdb://',
    'esdb://admin:p@ss@localhost',
    'esdb://admin:secret@localhost?throwOnAppendFailure=false',
    'esdb://admin:secret@localhost?tls=false&tlsVerifyCert=false',
    'esdb://admin:secret@localhost?passwrd=secret',
  ])('%s is refused, and nothing of it is told but the name of an option', (url) => {
    const refused = (() => {
      try {
        return esdbAddress(url);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(TypeError);
    expect(String(refused)).not.toMatch(/secret|p@ss|localhost/);
  });

  test('each client has settings of its own, so that gRPC gives it a connection of its own', () => {
    const address = esdbAddress('esdb://localhost?keepAliveTimeout=15000');
    expect(ownConnection(address)).not.toBe(ownConnection(address));
    expect(ownConnection(address)).toMatch(/&keepAliveTimeout=1[5-6]\d{3}$/);
    const disabled = esdbAddress('esdb://localhost?keepAliveTimeout=-1');
    expect(ownConnection(disabled)).toBe(disabled.url);
  });

  test('nodes are given 2 seconds to tell of their cluster, unless it says otherwise', () => {
    expect(esdbAddress('esdb://localhost').url).toBe('esdb://localhost?gossipTimeout=2');
    expect(esdbAddress('esdb://localhost?gossipTimeout=9').url).toMatch(/gossipTimeout=9$/);
  });
});
