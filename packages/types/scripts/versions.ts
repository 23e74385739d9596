// Generates the contracts of other versions, each as its difference from the default, in src/versions/generated. With --check, writes
// nothing and fails if the committed files are stale. The overlay describes the default contract; gaps for other versions are counted
// and, with --gaps, listed, but are not errors. What only one version has is described in overlay/versions, where mistakes are errors.
import { existsSync } from 'node:fs';
import { compareOutput, formatDiagnostic, generate, writeOutput } from '@ips-sdk/codegen';

const DEFAULT = 'wsdl/IpsApi-2014-04-03.wsdl';
const VERSIONS = ['2013-02-15', '2016-01-14-beta', '2019-09-10-beta'];

const check = process.argv.includes('--check');
const verbose = process.argv.includes('--gaps');
for (const version of VERSIONS) {
  const out = `src/versions/generated/${version}`;
  const additions = `overlay/versions/${version}`;
  const { annotated, files } = generate({
    wsdl: `wsdl/IpsApi-${version}.wsdl`,
    overlay: 'overlay',
    ...(existsSync(additions) ? { additions } : {}),
    base: { wsdl: DEFAULT, module: '../../../generated' },
  });
  const gaps = annotated.gaps ?? [];
  for (const mistake of gaps.filter(({ position }) => position.file.includes(additions))) {
    console.error(formatDiagnostic(mistake));
    process.exitCode = 1;
  }
  if (check) {
    const diff = compareOutput(out, files);
    if (diff !== '') {
      console.log(diff);
      console.error(`${out} is stale; run npm run generate and commit the result`);
      process.exitCode = 1;
    }
  } else {
    writeOutput(out, files);
  }
  console.log(`${version}: ${annotated.operations.length} operations, ${gaps.length} gaps in the overlay`);
  if (verbose) for (const gap of gaps) console.log(`  ${formatDiagnostic(gap)}`);
}
