import { version } from 'uuid';
import { RandomIds } from '../../src/adapters/system.js';

describe('ids', () => {
  const ids = new RandomIds();

  it('are UUIDs of version 7, each another one', () => {
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect(made.every((id) => version(id) === 7)).toBe(true);
    expect(new Set(made).size).toBe(made.length);
  });

  it('stand in the order in which they were made, also within a millisecond', () => {
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect([...made].sort()).toEqual(made);
  });

  it('tell the time, and share no randomness', () => {
    const before = Date.now();
    const made = Array.from({ length: 2_000 }, () => ids.next());
    const told = Number.parseInt(made[0]!.replace('-', '').slice(0, 12), 16);
    expect(told).toBeGreaterThanOrEqual(before - 1);
    expect(told).toBeLessThanOrEqual(Date.now() + 1);
    expect(new Set(made.map((id) => id.slice(-11))).size).toBe(made.length);
  });
});
