// Bundles the server into dist/bundle, which is what programs and the command load. The folder has the depth of the sources'
// folders, so that a module finds the template in dist/db/template from either. What has native code or WebAssembly stays a
// package, as do the contract and its validators, which are large and in few files already.
import { cpSync, rmSync } from 'node:fs';
import { bundlePackage } from '../../../scripts/bundle.mjs';

rmSync('dist/bundle', { recursive: true, force: true });
await bundlePackage({
  outdir: 'dist/bundle',
  entryPoints: [
    'src/index.ts',
    'src/main.ts',
    'src/testing/node.ts',
    'src/testing/testing.ts',
    'src/testing/vitest.ts',
    // Threads, and what they load by the name of its file.
    'src/images/bmp-pixels.ts',
    'src/images/decoder-worker.ts',
    'src/images/pdf-worker.ts',
    'src/images/psd-layers.ts',
    'src/images/psd-planes.ts',
    'src/images/psd-structure.ts',
    'src/images/psd-worker.ts',
    'src/images/video-worker.ts',
    'src/passwords/hash-worker.ts',
  ],
  external: [
    '@cornerstonejs/codec-openjpeg',
    '@electric-sql/pglite',
    '@hyzyla/pdfium',
    '@ips-sdk/delivery',
    '@ips-sdk/types',
    '@ips-sdk/validator',
    'jpeg2000',
    'libheif-js',
    // Optional, and absent: the C driver of pg.
    'pg-native',
    // Programs pass loggers of theirs, and declarations name its types.
    'pino',
    'sharp',
    // Optional in the client, whose SOAP engine the console does not use.
    'soap',
    // The test runner of the program that imports its fixtures.
    'vitest',
  ],
  // They would be a quarter of the package. The code can be read without them: it is not minified, and names the module of each part.
  maps: false,
});
// Without the snapshots, from which drizzle-kit finds out what has changed.
cpSync('src/db/migrations', 'dist/bundle/migrations', {
  recursive: true,
  filter: (file) => !file.endsWith('_snapshot.json'),
});
