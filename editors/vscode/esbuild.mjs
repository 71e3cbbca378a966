// Builds the extension into dist/, and its tests, which run inside VS Code, into dist-test/.
import { build } from 'esbuild';

const common = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' };

await build({
  ...common,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  external: ['vscode'],
  minify: true,
});
await build({
  ...common,
  entryPoints: ['test/suite/index.ts'],
  outfile: 'dist-test/index.js',
  external: ['vscode', 'mocha'],
  sourcemap: 'inline',
});
