import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '@ips-sdk/types/contract';
import { validate } from '@ips-sdk/validator';
import { codec } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import { bundledSchema } from '../src/commands/schema.js';
import { schemaNames } from '../src/commands/schema-names.js';
import { skeleton } from '../src/commands/skeleton.js';
import { startService } from './support/company-service.js';
import { account, ips, ipsProcess, temporaryFolder } from './support/ips.js';
import { plain } from './support/plain.js';

/** What commands send, as their last call. */
const WRITES: readonly (readonly [args: readonly string[], operation: string, input: object])[] = [
  [
    ['job', 'stop', 'Spring shoes', '--yes'],
    'stopJob',
    { jobHandle: 'j|6||Spring shoes_2014-04-03-12:00:00.000|1' },
  ],
  [['job', 'pause', 'Nightly'], 'pauseJob', { jobHandle: 'j|6|Nightly|' }],
  [['job', 'resume', 'j|6|Nightly|'], 'resumeJob', { jobHandle: 'j|6|Nightly|' }],
  [['job', 'run', 'Nightly'], 'executeJob', { jobHandle: 'j|6|Nightly|' }],
  [['job', 'delete', 'Nightly', '-y'], 'deleteJob', { jobHandle: 'j|6|Nightly|' }],
  [
    [
      'job',
      'submit',
      'exportJob',
      '--name',
      'E',
      '-f',
      'fmt=orig',
      '-f',
      'assetHandleArray[]=a|1',
      '-f',
      'assetHandleArray[]=a|2',
    ],
    'submitJob',
    { jobName: 'E', exportJob: { fmt: 'orig', emailSetting: 'None', assetHandleArray: ['a|1', 'a|2'] } },
  ],
  [
    [
      'job',
      'submit',
      'imageServingPublish',
      '--name',
      'P',
      '-f',
      'publishType=Full',
      '--at',
      '2030-01-01T00:00:00Z',
    ],
    'submitJob',
    {
      execTime: '2030-01-01T00:00:00Z',
      imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
    },
  ],
  [
    ['publish', '--full', '--context', 'pc|3', '--name', 'P', '--no-wait'],
    'submitJob',
    {
      jobName: 'P',
      imageServingPublishJob: { publishType: 'Full', emailSetting: 'None', contextHandle: 'pc|3' },
    },
  ],
  [
    ['asset', 'move', 'red', 'a|2', '--to', 'MyCompany/Boots'],
    'moveAssets',
    {
      assetMoveArray: [
        { assetHandle: 'a|1', folderHandle: 'f|MyCompany/Boots/' },
        { assetHandle: 'a|2', folderHandle: 'f|MyCompany/Boots/' },
      ],
    },
  ],
  [
    ['asset', 'rename', 'red', 'crimson'],
    'renameAsset',
    { assetHandle: 'a|1', newName: 'crimson', validateName: true },
  ],
  [
    ['preset', 'save', 'Huge', 'wid=3000'],
    'saveImageFormat',
    { imageFormatHandle: undefined, name: 'Huge', urlModifier: 'wid=3000' },
  ],
  [
    ['preset', 'save', 'large', 'wid=800'],
    'saveImageFormat',
    { imageFormatHandle: '6|301', name: 'large', urlModifier: 'wid=800' },
  ],
  [
    ['preset', 'save', '6|302', 'wid=800'],
    'saveImageFormat',
    { imageFormatHandle: '6|302', name: 'Thumb', urlModifier: 'wid=800' },
  ],
  [
    ['preset', 'save', 'Large', 'wid=800', '--rename', 'Big'],
    'saveImageFormat',
    { imageFormatHandle: '6|301', name: 'Big', urlModifier: 'wid=800' },
  ],
  [['preset', 'delete', 'THUMB', '--yes'], 'deleteImageFormat', { imageFormatHandle: '6|302' }],
  [['asset', 'rename', 'red', 'crimson', '--no-check'], 'renameAsset', { validateName: false }],
  [['asset', 'delete', 'red', '--yes'], 'deleteAssets', { assetHandleArray: ['a|1'] }],
  [['asset', 'delete', 'red', '--forever', '--yes'], 'emptyAssetsFromTrash', { assetHandleArray: ['a|1'] }],
  [['asset', 'restore', 'a|1', 'a|2'], 'restoreAssetsFromTrash', { assetHandleArray: ['a|1', 'a|2'] }],
  [
    ['asset', 'tag', 'red', '--field', 'season', '--add', 'spring, summer', '--remove', 'winter'],
    'batchSetAssetMetadata',
    {
      updateArray: [
        {
          assetHandleArray: ['a|1'],
          updateArray: [
            {
              fieldHandle: 'm|6|IMAGE|Season',
              addTagValueArray: ['spring', 'summer'],
              deleteTagValueArray: ['winter'],
            },
          ],
        },
      ],
    },
  ],
  [
    ['asset', 'tag', 'red', '--field', 'Photographer', '--value', 'Ann Lee'],
    'batchSetAssetMetadata',
    {
      updateArray: [
        {
          assetHandleArray: ['a|1'],
          updateArray: [{ fieldHandle: 'm|6|ASSET|Photographer', value: 'Ann Lee' }],
        },
      ],
    },
  ],
  [['folder', 'create', '/MyCompany/New'], 'createFolder', { folderPath: 'MyCompany/New/' }],
  [
    ['folder', 'rename', 'MyCompany/Boots', 'Shoes2'],
    'renameFolder',
    { folderHandle: 'f|MyCompany/Boots/', folderName: 'Shoes2' },
  ],
  [
    ['folder', 'move', 'MyCompany/Shoes', '--to', 'MyCompany/Boots'],
    'moveFolder',
    { folderHandle: 'f|MyCompany/Shoes/', destFolderHandle: 'f|MyCompany/Boots/' },
  ],
  [
    ['folder', 'delete', 'f|MyCompany/Boots/', '--yes'],
    'deleteFolder',
    { folderHandle: 'f|MyCompany/Boots/' },
  ],
  [
    ['cdn', 'invalidate', 'https://example.com/is/image/x', '--yes'],
    'cdnCacheInvalidation',
    { urlArray: ['https://example.com/is/image/x'] },
  ],
];

describe('a command that changes something', () => {
  it.each(WRITES)('%s', async (args, operation, input) => {
    const service = await startService();
    const { code, stderr } = await ips(args, { env: account(service.endpoint) });
    expect(stderr).not.toContain('error:');
    expect(code).toBe(0);
    expect(service.requests.at(-1)).toMatchObject({ operation, input: { companyHandle: 'c|6', ...input } });
  });

  it.each(WRITES)('%s --dry-run shows the XML and sends nothing', async (args, operation, input) => {
    const service = await startService();
    const quiet = args.filter((word) => word !== '--yes' && word !== '-y');
    const { code, stdout, stderr } = await ips([...quiet, '--dry-run'], { env: account(service.endpoint) });
    expect(code).toBe(0);
    expect(stderr).toContain(`would send ${operation} to http://`);
    expect(stdout).not.toContain('correct horse');
    expect(stdout).toContain('[secret]');
    expect(codec.decodeRequest(stdout)).toMatchObject({ operation, input });
    const contractOf = (name: string) => contract.operations[name]?.idempotency;
    expect(service.operations().filter((name) => contractOf(name) !== 'safe')).toEqual([]);
  });
});

describe('lists on stdin', () => {
  it('replace arguments', async () => {
    const service = await startService();
    const { code } = await ips(['asset', 'restore', '-'], {
      env: account(service.endpoint),
      input: 'a|1\r\n\na|2\na|1\n',
    });
    expect(code).toBe(0);
    expect(service.requests.at(-1)?.input).toMatchObject({ assetHandleArray: ['a|1', 'a|2'] });
  });
});

describe('asset search', () => {
  it('sends the requested conditions', async () => {
    const service = await startService();
    const { code } = await ips(
      'asset search re --folder /MyCompany/Shoes --flat --type image --type Video --keyword leather --where FileName^=r --marked yes --sort Modified --reverse --limit 20'.split(
        ' ',
      ),
      { env: account(service.endpoint) },
    );
    expect(code).toBe(0);
    expect(service.requests.at(-1)?.input).toMatchObject({
      folder: 'MyCompany/Shoes/',
      includeSubfolders: false,
      assetTypeArray: ['Image', 'Video'],
      keywordArray: ['leather'],
      systemFieldConditionArray: [
        { field: 'Name', op: 'Contains', value: 're' },
        { field: 'FileName', op: 'StartsWith', value: 'r' },
      ],
      publishState: 'MarkedForPublish',
      trashState: 'NotInTrash',
      sortBy: 'Modified',
      sortDirection: 'Descending',
      recordsPerPage: 20,
    });
  });
});

describe('upload --dry-run', () => {
  it('prints the destination of each file', async () => {
    const service = await startService();
    const home = temporaryFolder();
    mkdirSync(join(home, 'photos/sub'), { recursive: true });
    for (const [name, text] of [
      ['red.tif', 'r'],
      ['note.txt', 'nn'],
      ['sub/blue.tif', 'bbb'],
    ] as const)
      writeFileSync(join(home, 'photos', name), text);
    const { code, stdout } = await ips(
      ['upload', 'photos', '--to', 'MyCompany/Shoes', '--only', '*.tif', '--dry-run'],
      { env: { ...account(service.endpoint), HOME: home } },
    );
    expect(code).toBe(0);
    expect(stdout).toBe(
      'photos/red.tif\tMyCompany/Shoes/red.tif\t1\nphotos/sub/blue.tif\tMyCompany/Shoes/sub/blue.tif\t3\n',
    );
  });

  it('prints the XML for URLs', async () => {
    const service = await startService();
    const { stdout } = await ips(
      [
        'upload',
        '--urls',
        '-',
        '--to',
        'MyCompany/New',
        '--no-overwrite',
        '-f',
        'xmpKeywords=a&b',
        '--dry-run',
      ],
      {
        env: account(service.endpoint),
        input: 'https://example.com/a%20b.tif?x=1&y=2\n"https://example.com/c.tif","c, d.tif"\n',
      },
    );
    expect(codec.decodeRequest(stdout).input).toMatchObject({
      uploadUrlsJob: {
        overwrite: false,
        readyForPublish: true,
        xmpKeywords: 'a&b',
        urlArray: [
          { sourceUrl: 'https://example.com/a%20b.tif?x=1&y=2', destPath: 'MyCompany/New/a b.tif' },
          { sourceUrl: 'https://example.com/c.tif', destPath: 'MyCompany/New/c, d.tif' },
        ],
      },
    });
  });
});

describe('call', () => {
  it.each(Object.entries(contract.operations))('%s has a skeleton that is valid', (_, { input }) => {
    const value = { companyHandle: 'c|6', ...skeleton(input) };
    const takesCompany = contract.messages[input]?.fields.some(([name]) => name === 'companyHandle');
    const { companyHandle: __, ...without } = value;
    const { errors } = validate(input as never, takesCompany ? value : without, { mode: 'lenient' });
    expect(errors.map(({ message }) => message)).toEqual([]);
  });

  it('prints a skeleton without calling the service', async () => {
    const { code, stdout } = await ips(['call', 'createFolder', '--skeleton']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ folderPath: '/SpinSets' });
  });

  it('accepts fields of all types', async () => {
    const service = await startService();
    service.on('searchAssets', () => ({ totalRows: 0 }));
    const fields = [
      'includeSubfolders=true',
      'recordsPerPage=5',
      'keywordArray[]=a=b',
      'keywordArray[]=@@at',
      'systemFieldConditionArray[0].field=Name',
      'systemFieldConditionArray[0].op=Equals',
      'systemFieldConditionArray[0].value=x',
      'assetTypeArray=["Image","Video"]',
    ];
    const { code, stdout } = await ips(
      ['call', 'searchAssets', ...fields.flatMap((field) => ['-f', field]), '--jq', '.totalRows'],
      { env: account(service.endpoint) },
    );
    expect(code).toBe(0);
    expect(stdout).toBe('0\n');
    expect(service.requests.at(-1)?.input).toEqual({
      companyHandle: 'c|6',
      includeSubfolders: true,
      recordsPerPage: 5,
      keywordArray: ['a=b', '@at'],
      systemFieldConditionArray: [{ field: 'Name', op: 'Equals', value: 'x' }],
      assetTypeArray: ['Image', 'Video'],
    });
  });

  it('accepts a file and stdin, overridden by fields', async () => {
    const service = await startService();
    const { code } = await ipsProcess(['call', 'getFolderTree', '--input', '-', '-f', 'depth=0'], {
      env: account(service.endpoint),
      input: '{ "depth": 3, "folderPath": "MyCompany/Boots/" }',
    });
    expect(code).toBe(0);
    expect(service.requests.at(-1)?.input).toMatchObject({ depth: 0, folderPath: 'MyCompany/Boots/' });
  });

  it('--raw prints the XML of the response, even of a fault', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    const { stdout } = await ips(['call', 'getUserInfo', '--raw'], { env });
    expect(codec.decodeResponse('getUserInfo', stdout).value.userInfo.email).toBe('ann@example.com');
    const fault = await ips(
      [
        'call',
        'renameAsset',
        '-f',
        'assetHandle=a|1',
        '-f',
        'newName=green',
        '-f',
        'validateName=true',
        '--raw',
      ],
      { env },
    );
    expect(fault.code).toBe(5);
    expect(fault.stdout).toContain('The name is taken: green');
  });

  it('--raw retries like any call', async () => {
    const service = await startService();
    let refused = 0;
    service.answers((request, response) => {
      refused += 1;
      service.answers(undefined);
      request.resume();
      response.writeHead(503).end('busy');
    });
    const { code, stdout } = await ips(['call', 'getActiveJobs', '--raw'], {
      env: account(service.endpoint),
    });
    expect([code, refused]).toEqual([0, 1]);
    expect(stdout).toContain('getActiveJobsReturn');
  });

  it('without an operation lists all 164', async () => {
    const { stdout } = await ips(['call']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(164);
  });
});

describe('validate', () => {
  it('accepts valid documents', async () => {
    const input = JSON.stringify({ companyHandle: 'c|6', ...skeleton('StopJobParam') });
    const { code, stdout, stderr } = await ips(['validate', '-', '--type', 'stopJobParam'], { input });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: '✓ stdin is a valid stopJobParam\n',
    });
  });

  it('reports errors in JSON and XML, and exits with 1', async () => {
    const input = { companyHandle: 'c|6', jobName: 'x', exectime: 'now' };
    const json = await ips(['validate', '-', '--type', 'submitJob'], { input: JSON.stringify(input) });
    expect(json.code).toBe(1);
    await expect(json.stdout + json.stderr).toMatchFileSnapshot('golden/pipe/validate-json.txt');
    const xml = codec.encodeRequest('stopJob', { companyHandle: 'c|6', jobHandle: 'j|6|x|' });
    expect((await ips(['validate', '-'], { input: xml })).code).toBe(0);
    const bad = await ips(['validate', '-'], {
      input: xml.replace('<jobHandle>', '<jobHandel/><jobHandle>'),
    });
    expect(bad.code).toBe(1);
    await expect(bad.stdout + bad.stderr).toMatchFileSnapshot('golden/pipe/validate-xml.txt');
    const broken = await ips(['validate', '-', '--json', 'line,code'], {
      input: `\n${xml.replace('</jobHandle>', '')}`,
    });
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject([{ code: 'malformed-xml', line: 2 }]);
  });

  it('recognizes a response by its element', async () => {
    const input = codec.encodeResponse('createFolder', { folderHandle: 'f|x/' });
    const { code, stderr } = await ips(['validate', '-'], { input });
    expect(stderr).toBe('✓ stdin is a valid createFolderReturn\n');
    expect(code).toBe(0);
  });
});

describe('schema', () => {
  it('exists for every listed name', () => {
    const names = schemaNames();
    expect(names.length).toBeGreaterThan(500);
    for (const name of names) expect(bundledSchema(name), name).toHaveProperty('definitions');
  });

  it('includes every definition it references', async () => {
    const { code, stdout } = await ips(['schema', 'submitJobParam']);
    expect(code).toBe(0);
    const { definitions } = JSON.parse(stdout) as { definitions: Record<string, unknown> };
    for (const [, name = ''] of stdout.matchAll(/"\$ref": "#\/definitions\/([^"]+)"/g))
      expect(definitions).toHaveProperty([name]);
    expect(stdout).not.toContain('ips.json');
  });
});

describe('contract diff', () => {
  it('reports the changes in another WSDL', async () => {
    const wsdl = readFileSync(new URL('../../types/wsdl/IpsApi-2014-04-03.wsdl', import.meta.url), 'utf8');
    const folder = temporaryFolder();
    const file = join(folder, 'other.wsdl');
    writeFileSync(file, wsdl);
    const same = await ips(['contract', 'diff', file]);
    expect(same.stdout).toContain('are the same contract');
    writeFileSync(file, wsdl.replaceAll('name="estimatedSeconds"', 'name="secondsLeft"'));
    const other = await ips(['contract', 'diff', file, '--exit-code']);
    expect(other.code).toBe(1);
    expect(other.stdout).toContain('BREAKING');
    const names = await ips(['contract', 'diff', file, '--jq', '.[].name']);
    expect(names.code).toBe(0);
    expect(names.stdout).toContain('cdnCacheInvalidationReturn/estimatedSeconds');
  });
});

describe('profiles', () => {
  it('are created, shown, used and deleted; the environment overrides them, and options override both', async () => {
    const service = await startService();
    const env = { HOME: temporaryFolder() };
    const login = await ips(
      [
        'login',
        '--profile',
        'a',
        '--endpoint',
        service.endpoint,
        '--user',
        'ann@example.com',
        '--password-stdin',
      ],
      { env, input: 'correct horse 42\n' },
    );
    expect(login.code).toBe(0);
    expect((await ips(['profile', 'set', 'b', 'region=emea', 'stage=staging'], { env })).code).toBe(0);
    const list = await ips(['profile', 'list'], { env });
    expect(plain(list.stdout)).toBe(
      '*\ta\thttp://127.0.0.1:PORT/scene7/services/IpsApiService\tMyCompany\tann@example.com\tfile\n' +
        '\tb\temea staging\t\t\tnone\n',
    );
    expect((await ips(['whoami', '--jq', '.profile'], { env })).stdout).toBe('a\n');
    expect((await ips(['profile', 'use', 'b'], { env })).code).toBe(0);
    expect((await ips(['whoami'], { env })).code).toBe(3);
    expect((await ips(['whoami', '--profile', 'a'], { env })).code).toBe(0);
    expect((await ips(['whoami'], { env: { ...env, IPS_PROFILE: 'a' } })).code).toBe(0);
    const elsewhere = { ...env, IPS_PROFILE: 'a', IPS_ENDPOINT: 'http://127.0.0.1:1/' };
    const refused = await ips(['whoami'], { env: elsewhere });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('is not sent as ann@example.com to http://127.0.0.1:1/');
    expect((await ips(['logout', '--profile', 'a'], { env })).code).toBe(0);
    expect((await ips(['whoami', '--profile', 'a'], { env })).code).toBe(3);
    expect((await ips(['profile', 'delete', 'b', '--yes'], { env })).code).toBe(0);
    expect((await ips(['profile', 'list', '--jq', '.[].name'], { env })).stdout).toBe('a\n');
  });

  it('lose their password when the service changes', async () => {
    const service = await startService();
    const env = { HOME: temporaryFolder() };
    await ips(['login', '--endpoint', service.endpoint, '--user', 'ann@example.com', '--password-stdin'], {
      env,
      input: 'correct horse 42',
    });
    const { stderr } = await ips(['profile', 'set', 'default', 'region=na'], { env });
    expect(stderr).toContain('because it is for another user or service');
    expect(readFileSync(join(env.HOME, '.config/ips/secrets.json'), 'utf8')).not.toContain('horse');
  });
});
