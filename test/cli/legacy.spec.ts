import { readFileSync, writeFileSync } from 'node:fs';
import { Installation, PATIENCE_MS } from './installation.js';

interface Counts {
  readonly imported: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly report: string | null;
}

describe('portcullis legacy', () => {
  let here: Installation;
  beforeEach(() => {
    here = new Installation();
  });
  afterEach(() => here.remove());

  const generated = async (rows: number, seed = 1) => {
    const file = here.path(`legacy-${rows}-${seed}.csv`);
    writeFileSync(
      file,
      await here.must('legacy', 'generate', '--rows', String(rows), '--seed', String(seed)),
    );
    return file;
  };
  const counts = async (file: string) => here.json<Counts>('legacy', 'import', file);

  it(
    'imports where no service ever ran, and again beside one: nothing is appended twice',
    async () => {
      const file = await generated(300);
      expect(await here.must('legacy', 'import', file)).toContain(
        '300 imported, 0 changed, 0 unchanged, 0 refused',
      );
      const service = await here.serve();
      expect(await counts(file)).toMatchObject({ imported: 0, unchanged: 300, report: null });
      const more = await generated(400);
      expect(await counts(more)).toMatchObject({ imported: 100, unchanged: 300 });
      expect(await service.stop()).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    'tells of refused rows in a report that only its user can read, and imports the rest',
    async () => {
      const file = await generated(3);
      writeFileSync(file, `${readFileSync(file, 'utf8')}no,account\n`);
      const told = await counts(file);
      expect(told).toMatchObject({ imported: 3, refused: 1, report: `${file}.refused.jsonl` });
      expect(readFileSync(told.report!, 'utf8')).toBe('{"line":5,"reasons":["has 2 columns, not 8"]}\n');
    },
    PATIENCE_MS,
  );

  it(
    'goes on with a file after it was killed in the middle',
    async () => {
      const file = await generated(4_000);
      const service = await here.serve();
      const first = here.run('legacy', 'import', file);
      await new Promise((resume) => setTimeout(resume, 300));
      await service.kill();
      await first;
      const again = await counts(file);
      expect(again.imported + again.unchanged).toBe(4_000);
      expect(await counts(file)).toMatchObject({ imported: 0, changed: 0, unchanged: 4_000, refused: 0 });
    },
    PATIENCE_MS,
  );

  it(
    'says what is wrong with a file that it cannot import',
    async () => {
      const { code, err } = await here.run('legacy', 'import', here.path('nothing.csv'));
      expect([code, err]).toEqual([1, expect.stringContaining('is no file that the service can read')]);
      const file = here.path('other.csv');
      writeFileSync(file, 'a,b\n1,2\n');
      expect((await here.run('legacy', 'import', file)).err).toContain(
        'The first line must name the columns',
      );
    },
    PATIENCE_MS,
  );
});
