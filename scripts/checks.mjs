// What must hold besides the tests: types, lint, format, layers. Two at a time, since each keeps one core busy.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './ready.mjs';

const bin = (name) => join('node_modules', name);
const lanes = [
  [['lint', [bin('eslint/bin/eslint.js'), '.']]],
  [
    ['types', [bin('typescript/bin/tsc'), '--noEmit']],
    ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']],
    [
      'layers',
      [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src'],
    ],
  ],
];

/** Returns how many passed and failed; what each has to say stands together. */
export async function runChecks() {
  const verdicts = await Promise.all(lanes.map(runOneByOne));
  const passed = verdicts.flat().filter(Boolean).length;
  return { passed, failed: verdicts.flat().length - passed };
}

async function runOneByOne(checks) {
  const verdicts = [];
  for (const [name, args] of checks) {
    const { ok, output } = await runQuietly(args);
    console.log(`${output}${ok ? 'ok' : 'FAILED'}: ${name}`);
    verdicts.push(ok);
  }
  return verdicts;
}

function runQuietly(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', ({ message }) => resolve({ ok: false, output: `${message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}
