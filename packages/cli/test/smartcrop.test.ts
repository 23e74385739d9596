import { contract } from '@ips-sdk/types/2019-09-10-beta';
import { createCodec } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../src/exit-code.js';
import { startService } from './support/company-service.js';
import { account, ips, PASSWORD, temporaryFolder } from './support/ips.js';

const smartCrops = createCodec(contract);
const RECT = { leftN: 0, topN: 0.25, widthN: 1, heightN: 0.5 };

describe('ips smartcrop list', () => {
  it('prints rows, in the contract that has smart crops', async () => {
    const service = await startService();
    const { code, stdout, stderr } = await ips(['smartcrop', 'list', 'red', 'a|2'], {
      env: account(service.endpoint),
    });
    expect(`${code} ${stderr}`).toBe('0 ');
    expect(stdout).toBe(
      ['a|1', 'a|2']
        .flatMap((image) => [
          `${image}\tBanner\t0.25,0,0.5,0.333333\tsub|0\n`,
          `${image}\tTall\t0.25,0,0.5,0.333333\tsub|1\n`,
        ])
        .join(''),
    );
    expect(service.requests.every(({ decoded }) => decoded.namespace === contract.messageNamespace)).toBe(
      true,
    );
  });

  it('prints JSON, and a note if there are none', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    const { stdout } = await ips(['smartcrop', 'ls', 'red', '--json', 'name,rect'], { env });
    expect(JSON.parse(stdout)[0]).toEqual({
      name: 'Banner',
      rect: { leftN: 0.25, topN: 0, widthN: 0.5, heightN: 1 / 3 },
    });
    const none = await ips(['smartcrop', 'list', 'blue'], { env });
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toContain('no smart crops');
  });

  it('fails for an image that does not exist', async () => {
    const service = await startService();
    const { code, stderr } = await ips(['smartcrop', 'list', 'nothing'], { env: account(service.endpoint) });
    expect(code).toBe(EXIT.service);
    expect(stderr).toContain('no asset is named "nothing"');
  });
});

describe('ips smartcrop set', () => {
  it.each(['Banner', 'banner', 'sub|0'])('changes the region of %s', async (crop) => {
    const service = await startService();
    const { code, stderr } = await ips(['smartcrop', 'set', 'red', crop, '--rect', '0,0.25,1,0.5'], {
      env: account(service.endpoint),
    });
    expect(code).toBe(0);
    expect(stderr).toContain(`changed ${crop} of red to 0,0.25,1,0.5`);
    expect(service.requests.at(-1)).toMatchObject({
      operation: 'updateSmartCrops',
      input: {
        companyHandle: 'c|6',
        updateArray: [{ ownerHandle: 'a|1', subAssetHandle: 'sub|0', cropRect: RECT }],
      },
    });
  });

  it('prints the request with --dry-run', async () => {
    const service = await startService();
    const args = ['smartcrop', 'set', 'red', 'Banner', '--rect', '0,0.25,1,0.5', '--dry-run'];
    const { code, stdout, stderr } = await ips(args, { env: account(service.endpoint) });
    expect(code).toBe(0);
    expect(stderr).toContain('would send updateSmartCrops to http://');
    expect(stdout).not.toContain(PASSWORD);
    expect(smartCrops.decodeRequest(stdout, { strict: true })).toMatchObject({
      operation: 'updateSmartCrops',
      input: { updateArray: [{ ownerHandle: 'a|1', subAssetHandle: 'sub|0', cropRect: RECT }] },
    });
    expect(service.operations()).not.toContain('updateSmartCrops');
  });

  it.each([
    '0,0,1',
    '0,0,1,1,1',
    '0,0,2,1',
    '-0.1,0,1,1',
    '0.5,0,0.6,1',
    '0,0,0,1',
    '0,,1,1',
    'x,0,1,1',
    '0,0,NaN,1',
    '',
  ])('takes no rectangle %j', async (rect) => {
    const service = await startService();
    // With the value in one word, which may begin with a hyphen.
    const args = ['smartcrop', 'set', 'red', 'Banner', `--rect=${rect}`];
    const { code, stderr } = await ips(args, { env: account(service.endpoint) });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('--rect');
    expect(service.requests).toEqual([]);
  });

  it('needs a rectangle, and a smart crop that the image has', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    const none = await ips(['smartcrop', 'set', 'red', 'Banner'], { env });
    expect(none.code).toBe(EXIT.usage);
    expect(none.stderr).toContain('missing --rect');
    const unknown = await ips(['smartcrop', 'set', 'red', 'Baner', '--rect', '0,0,1,1'], { env });
    expect(unknown.code).toBe(EXIT.service);
    expect(unknown.stderr).toContain('red has no smart crop "Baner"; did you mean Banner?');
    expect(unknown.stderr).toContain('the smart crops are Banner, Tall');
    const empty = await ips(['smartcrop', 'set', 'blue', 'Banner', '--rect', '0,0,1,1'], { env });
    expect(empty.stderr).toContain('the image has no smart crops');
  });

  it('fails when the service refuses the change, with its reason', async () => {
    const service = await startService();
    service.on('updateSmartCrops', () => ({
      successCount: 0,
      warningCount: 0,
      errorCount: 1,
      errorDetailArray: [{ assetHandle: 'a|1', code: 30001, reason: 'locked' }],
    }));
    const { code, stderr } = await ips(['smartcrop', 'set', 'red', 'Banner', '--rect', '0,0,1,1'], {
      env: account(service.endpoint),
    });
    expect(code).toBe(EXIT.failed);
    expect(stderr).toContain('a|1: locked (30001)');
  });
});

describe('ips smartcrop copy', () => {
  it('copies to the company of another profile, despite environment variables for the first', async () => {
    const [from, to] = [await startService(), await startService()];
    to.on('getAssociatedAssets', () => ({
      subAssetArray: [
        {
          subAssetHandle: 'other|1',
          type: 'SmartCrop',
          name: 'Banner',
          smartCrop: { cropRect: { leftN: 0, topN: 0, widthN: 1, heightN: 1 } },
        },
      ],
    }));
    const home = { HOME: temporaryFolder(), IPS_KEYCHAIN: 'off' };
    const login = `login --profile production --endpoint ${to.endpoint} --company MyCompany --user ann@example.com --password-stdin`;
    expect((await ips(login.split(' '), { env: home, input: PASSWORD })).code).toBe(0);
    const before = to.requests.length;
    const env = { ...account(from.endpoint), ...home };
    const copied = await ips(['smartcrop', 'copy', 'red', '--to-profile', 'production', '--json'], { env });
    // Tall is missing.
    expect(copied.code).toBe(EXIT.failed);
    expect(JSON.parse(copied.stdout)).toEqual([
      {
        asset: 'a|1',
        name: 'red',
        target: 'a|1',
        status: 'missing-crop',
        copied: ['Banner'],
        missing: ['Tall'],
        errors: [],
      },
    ]);
    expect(from.operations()).not.toContain('updateSmartCrops');
    expect(to.requests.slice(before).at(-1)).toMatchObject({
      operation: 'updateSmartCrops',
      input: { updateArray: [{ ownerHandle: 'a|1', subAssetHandle: 'other|1' }] },
    });
  });

  it('copies to another company on the same service, and prints the outcome of each image', async () => {
    const service = await startService();
    service.on('getCompanyInfo', ({ companyName }) => ({
      companyInfo: {
        companyHandle: companyName === 'Other' ? 'c|7' : 'c|6',
        name: companyName ?? '',
        rootPath: 'X/',
      },
    }));
    const { code, stdout } = await ips(['smartcrop', 'copy', '-', '--to-company', 'Other'], {
      env: account(service.endpoint),
      input: 'red\ngreen\n',
    });
    expect(code).toBe(0);
    expect(stdout).toBe('red\tcopied\tBanner, Tall\t\ta|1\ta|1\ngreen\tcopied\tBanner, Tall\t\ta|2\ta|2\n');
    expect(service.requests.at(-1)?.input).toMatchObject({ companyHandle: 'c|7' });
  });

  it('requires a target', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    const { code, stderr } = await ips(['smartcrop', 'copy', 'red'], { env });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('missing --to-profile or --to-company');
    const unknown = await ips(['smartcrop', 'copy', 'red', '--to-profile', 'nowhere'], { env });
    expect(unknown.code).toBe(EXIT.configuration);
    expect(unknown.stderr).toContain('unknown profile "nowhere"');
    expect(service.requests).toEqual([]);
  });
});
