import { readdirSync, readFileSync } from 'node:fs';
import { fromRoot } from './compose-file.js';

const lines = fromRoot('Dockerfile')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const all = (instruction: string) =>
  lines
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1));
const finalStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

describe('the Dockerfile', () => {
  it('builds in stages, all from one pinned Node, and installs what runs without what builds', () => {
    expect(all('FROM')).toEqual([
      'node:20.20-bookworm-slim AS build',
      'node:20.20-bookworm-slim AS dependencies',
      'node:20.20-bookworm-slim',
    ]);
    expect(all('RUN')).toEqual(['npm ci', 'npm run build && rm -r dist/demo', 'npm ci --omit=dev']);
    expect(finalStage.filter((line) => line.startsWith('RUN '))).toEqual([]);
  });

  it('runs as a user without rights, who is not in the images', () => {
    expect(finalStage).toContain('USER 10001:10001');
    expect(all('USER')).toHaveLength(1);
  });

  it('takes up named files only, and no secrets', () => {
    expect(all('ADD')).toEqual([]);
    const sources = all('COPY').flatMap((line) => line.split(' ').slice(0, -1));
    expect(sources.filter((source) => source === '.' || source === './' || source.includes('*'))).toEqual([]);
    expect(lines.filter((line) => /^(ENV|ARG) .*(KEY|PASSWORD|SECRET|TOKEN)/.test(line))).toEqual([]);
  });

  it('says how its health is checked and how it is stopped', () => {
    expect(all('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(all('HEALTHCHECK')[0]).toMatch(/CMD \["node", .*\/health\/ready/);
    // The shell must hand the signal on: it becomes node.
    expect(fromRoot('deploy/entrypoint.sh')).toMatch(/^exec node /m);
    expect(fromRoot('deploy/entrypoint.sh')).toMatch(/UV_THREADPOOL_SIZE/);
  });

  it('has everything that it copies in the build context, and little else', () => {
    const patterns = fromRoot('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(patterns[0]).toBe('*');
    const taken = patterns.slice(1).map((line) => line.replace(/^!/, ''));
    expect(patterns.slice(1).every((line) => line.startsWith('!'))).toBe(true);
    const copied = all('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1));
    expect([...new Set(copied.map((path) => path.replace(/^\.\//, '')))].sort()).toEqual([...taken].sort());
    for (const left of ['data', 'data-demo', '.git', '.env', 'node_modules', 'dist']) {
      expect(taken.some((path) => path === left || path.startsWith(`${left}/`))).toBe(false);
    }
  });

  it('may leave the demo out: the command line alone knows it, and only when asked', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('demo/'),
    );
    const imports = files.flatMap((file) =>
      [...readFileSync(`src/${file}`, 'utf8').matchAll(/.*['"](?:\.\.?\/)+demo\/.*/g)].map(
        ([line]) => `${file}: ${/await import|from/.exec(line)![0]}`,
      ),
    );
    expect(imports).toEqual(['cli.ts: await import']);
  });
});
