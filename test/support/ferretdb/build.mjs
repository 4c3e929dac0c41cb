// Builds FerretDB where Go is present. Plain JavaScript: it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = dirname(fileURLToPath(import.meta.url));
const program = join(source, '../../../node_modules/.cache/portcullis/ferretdb');

/** Returns 'built', also when it was before; 'failed'; or 'no Go'. */
export function buildFerretDb() {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(source, file)));
  const wanted = hash.digest('hex');
  const mark = `${program}.built`;
  if (existsSync(program) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return 'built';
  if (spawnSync('go', ['version']).status !== 0) return 'no Go';
  console.error('Building FerretDB for the tests (a minute or two the first time) …');
  mkdirSync(dirname(program), { recursive: true });
  const { status } = spawnSync('nice', ['go', 'build', '-o', program, '.'], {
    cwd: source,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) return 'failed';
  writeFileSync(mark, wanted);
  return 'built';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(buildFerretDb());
