import { readFileSync } from 'node:fs';
import { exampleEnvironment, readSettings, settings } from '../src/config.js';

describe('.env.example', () => {
  const text = exampleEnvironment();

  it('is what the configuration says now (else: npm run docs:env)', () => {
    expect(readFileSync(new URL('../.env.example', import.meta.url), 'utf8')).toBe(text);
  });

  it('names every setting, with a default that the configuration takes', () => {
    const assigned = [...text.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]);
    expect(assigned.map(([name]) => name)).toEqual(Object.keys(settings));
    expect(readSettings(Object.fromEntries(assigned))).toEqual(readSettings({}));
  });
});
