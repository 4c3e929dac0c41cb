import { RecentMap } from '../../src/engine/recent-map.js';

const filled = () => {
  const map = new RecentMap<string, number>(3);
  map.set('a', 1);
  map.set('b', 2);
  map.set('c', 3);
  return map;
};
const known = (map: RecentMap<string, number>) =>
  ['a', 'b', 'c', 'd'].filter((key) => map.get(key) !== undefined);

test('holds as many as it may', () => {
  expect(known(filled())).toEqual(['a', 'b', 'c']);
});

test('forgets what was set longest ago when there is one too many', () => {
  const map = filled();
  map.set('d', 4);
  expect(known(map)).toEqual(['b', 'c', 'd']);
  expect(map.size).toBe(3);
});

test('keeps what was asked for since', () => {
  const map = filled();
  map.get('a');
  map.set('d', 4);
  expect(known(map)).toEqual(['a', 'c', 'd']);
});

test('keeps what was set again since, with its new value', () => {
  const map = filled();
  map.set('a', 10);
  map.set('d', 4);
  expect(known(map)).toEqual(['a', 'c', 'd']);
  expect(map.get('a')).toBe(10);
});

test('lets go of one, and of all', () => {
  const map = filled();
  map.delete('b');
  expect(known(map)).toEqual(['a', 'c']);
  map.clear();
  expect(map.size).toBe(0);
});
