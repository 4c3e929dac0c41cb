import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

export default {
  testEnvironment: 'node',
  // Two: the suites wait much, and no machine of ours has fewer cores.
  maxWorkers: 2,
  // What a suite imported stays in its worker's memory: a new worker comes before the heap is full.
  workerIdleMemoryLimit: '1500MB',
  // Ends what hangs. No test is about this time, and a busy machine takes many times what a quiet one does.
  testTimeout: 120_000,
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
};
