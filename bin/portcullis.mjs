#!/usr/bin/env node
// Stands in the checkout since a build leaves no file executable.
import { existsSync } from 'node:fs';

const cli = new URL('../dist/cli.js', import.meta.url);
if (existsSync(cli)) {
  await import(cli.href);
} else {
  console.error('portcullis: nothing is built yet. Run: npm run build');
  process.exitCode = 1;
}
