const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: allowed },
});

/** The layers of docs/decisions: what may import what. Circles are errors. */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    only('domain-imports-itself', '^src/domain/', '^src/domain/'),
    {
      name: 'domain-is-pure',
      comment: 'zod declares the shapes of stored events (decision 0002); nothing else comes in.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'node_modules/zod/' },
    },
    only('ports-import-domain', '^src/ports\\.ts$', '^src/(domain/|ports\\.ts)'),
    only('engine-knows-no-domain', '^src/engine/', '^src/(engine/|ports\\.ts|domain/(decider|events)\\.ts)'),
    only('commands', '^src/commands/', '^src/(commands|engine|domain)/|^src/ports\\.ts'),
    only('projections', '^src/projections/', '^src/(projections|engine|domain)/|^src/ports\\.ts'),
    only(
      'reactions',
      '^src/reactions/',
      '^src/(reactions|commands|projections|engine|domain)/|^src/ports\\.ts',
    ),
    only('jobs', '^src/jobs/', '^src/(jobs|commands|projections|engine|domain)/|^src/ports\\.ts'),
    only('http', '^src/http/', '^src/(http|commands|projections|engine|domain)/|^src/(ports|config)\\.ts'),
    only('control', '^src/control/', '^src/(control|commands|projections|engine|domain)/|^src/ports\\.ts'),
    only(
      'cli',
      '^src/cli/',
      '^src/(cli|control|commands|projections|reactions|engine|domain|adapters)/|^src/(ports|config|secrets-file|event-sources|offline|open-stores|stores)\\.ts',
    ),
    only('adapters', '^src/adapters/', '^src/(adapters/|ports\\.ts|domain/)'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
