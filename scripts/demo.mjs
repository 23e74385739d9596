// The contract at work: generate from the WSDL, then validate a good and a bad job.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { validate } from '@ips-sdk/validator';

const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const title = (text) => console.log(`\n${styleText('bold', text)}`);

const out = mkdtempSync(join(tmpdir(), 'ips-demo-'));
try {
  title('1. Types and contract tables from the WSDL');
  const contract = [
    '--wsdl',
    root('packages/types/wsdl/IpsApi-2014-04-03.wsdl'),
    '--overlay',
    root('packages/types/overlay'),
  ];
  const codegen = root('packages/codegen/bin/ips-codegen.js');
  const run = (...args) => execFileSync(process.execPath, [codegen, ...args], { encoding: 'utf8' }).trim();
  console.log(run('generate', ...contract, '--out', out));
  console.log(run('check', ...contract, '--out', root('packages/types/src/generated')));
  console.log(
    run(
      'diff',
      root('packages/types/wsdl/IpsApi-2013-02-15.wsdl'),
      root('packages/types/wsdl/IpsApi-2014-04-03.wsdl'),
    )
      .split('\n')
      .at(-1),
  );

  const good = {
    companyHandle: 'c|6',
    jobName: 'Spring shoes',
    execSchedule: '0 0 2 * * ?',
    uploadUrlsJob: {
      urlArray: [
        { sourceUrl: 'https://www.example.com/red.tif?size=full&id=1', destPath: 'MyCompany/Shoes/red.tif' },
      ],
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
    },
  };
  title('2. A good job');
  report(good);

  title('3. The same job with mistakes');
  const { execSchedule, ...rest } = good;
  report({
    ...rest,
    execshedule: execSchedule,
    locale: 'english',
    uploadUrlsJob: {
      ...good.uploadUrlsJob,
      overwrite: 'yes',
      emailSetting: 'Never',
      urlArray: [{ sourceUrl: 'red.tif' }],
    },
    imageServingRenderJob: { emailSetting: 'None' },
    exportJob: { assetHandleArray: ['a|739|1|537'], fmt: 'orig', emailSetting: 'None' },
  });
} finally {
  rmSync(out, { recursive: true });
}

function report(job) {
  const { valid, errors } = validate('submitJobParam', job, { mode: 'strict' });
  console.log(valid ? styleText('green', 'valid') : styleText('red', `${errors.length} errors`));
  for (const { message } of errors) console.log(`  ${message}`);
}
