// Seeds with assets, sets, metadata, publish state and jobs, from objects and from files.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import schema from '../src/seed/seed.schema.json' with { type: 'json' };
import type { Seed, SeedAsset, SeedCompany, SeedPicture } from '../src/seed/seed-types.js';
import { connect } from './support/call.js';
import { runCommand, startServer } from './support/server-process.js';
import { serverForEachTest } from './support/shared-server.js';

const companyHandle = 'c|6';
const RED: SeedPicture = { width: 40, height: 30, color: '#cc0000' };

let server: IpsServer;
let folder: string;

serverForEachTest('manual', (shared) => {
  server = shared;
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ips-seed-'));
  mkdirSync(join(folder, 'seeds', 'images'), { recursive: true });
  writeFileSync(join(folder, 'secret.png'), await png('#000000'));
  writeFileSync(join(folder, 'seeds/images/blue.png'), await png('#0000ff'));
  writeFileSync(join(folder, 'seeds/images/broken.png'), (await png('#00ff00')).subarray(0, 60));
  writeFileSync(join(folder, 'seeds/images/notes.xyz'), 'no type has this');
  symlinkSync(join(folder, 'secret.png'), join(folder, 'seeds/images/link.png'));
  symlinkSync(folder, join(folder, 'seeds/up'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const png = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();

const sample = (more: Omit<SeedCompany, 'name'>): Seed => ({
  companies: [{ name: 'Sample Company', ...more }],
});
const assetsOf = (assets: readonly SeedAsset[], path = 'Shoes'): Seed =>
  sample({ folders: [{ path, assets }] });

/** Writes a seed file next to the images, and returns its path. */
function file(name: string, text: string): string {
  const path = join(folder, 'seeds', name);
  writeFileSync(path, text);
  return path;
}

const admin = () => connect(server);
const search = () =>
  admin()
    .call('searchAssets', { companyHandle, folder: 'SampleCompany/', includeSubfolders: true })
    .then(({ assetArray = [] }) => assetArray);
const namesOf = async (): Promise<(string | undefined)[]> => (await search()).map(({ name }) => name).sort();

const YAML = `
companies:
  - name: Sample Company
    metadataFields:
      - { name: Color }
      - { name: Season, type: MultiFixedTag, tags: [summer, winter] }
      - { name: Price, type: Float, assetType: Image }
    folders:
      - Drafts
      - path: Shoes/Red
        assets:
          - file: images/blue.png
            keywords: [sea, sky]
            created: 2026-01-02T03:04:05Z
            lastModified: 2026-02-03T04:05:06+01:00
            publish: { Video: false }
            published: true
            metadata: { Color: blue, Season: [summer], Price: 9.5 }
            userData: size=42
          - generate: { width: 60, height: 40, pattern: checkers, text: "no {n}", format: jpeg }
            name: shoe-{n}
            count: 3
            publish: false
        sets:
          - { name: all, type: SpinSet, members: [shoe-2, blue, shoe-1], published: true }
    jobs:
      - name: Nightly
        kind: imageServingPublishJob
        details: { publishType: Full, emailSetting: None }
        schedule: 0 0 2 * * ?
        submitter: ann@example.com
users:
  - email: ann@example.com
    password: Sunny-Day-42
    memberships: [{ company: Sample Company, role: IpsCompanyAdmin }]
`;

describe('a seed file', () => {
  it('adds assets with everything about them', async () => {
    await server.seed(file('shop.yaml', YAML));
    expect(await namesOf()).toEqual(['all', 'blue', 'shoe-1', 'shoe-2', 'shoe-3']);
    const blue = (await search()).find(({ name }) => name === 'blue');
    expect(blue).toMatchObject({
      name: 'blue',
      fileName: 'blue.png',
      folder: 'SampleCompany/Shoes/Red/',
      type: 'Image',
      readyForPublish: true,
      created: '2026-01-02T03:04:05.000Z',
      lastModified: '2026-02-03T03:05:06.000Z',
      imageInfo: { width: 8, height: 8, userData: 'size=42' },
    });
    expect((blue?.metadataArray ?? []).map(({ name, value }) => [name, value])).toEqual(
      expect.arrayContaining([
        ['Color', 'blue'],
        ['Season', 'summer'],
        ['Price', '9.5'],
      ]),
    );
    const [shoe] = (await search()).filter(({ name }) => name === 'shoe-3');
    expect(shoe).toMatchObject({
      fileName: 'shoe-3.jpg',
      readyForPublish: false,
      imageInfo: { width: 60, height: 40 },
    });
  });

  it('adds sets with members in order, and publishes what is published', async () => {
    await server.seed(file('shop.yaml', YAML));
    const set = (await search()).find(({ name }) => name === 'all');
    expect(set?.type).toBe('SpinSet');
    const { memberArray = [] } = await admin().call('getImageSetMembers', {
      companyHandle,
      assetHandle: set?.assetHandle ?? '',
    });
    expect(memberArray.map(({ asset }) => asset?.name)).toEqual(['shoe-2', 'blue', 'shoe-1']);
    const picture = await fetch(`${server.endpoints.images}blue?fmt=png`);
    expect(picture.status).toBe(200);
    const { data } = await sharp(Buffer.from(await picture.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([0, 0, 255]);
    expect((await fetch(`${server.endpoints.images}shoe-1`)).status).not.toBe(200);
    expect((await fetch(`${server.endpoints.images}all?req=set,json`)).status).toBe(200);
  });

  it('schedules jobs, which run at their time', async () => {
    await server.seed(file('shop.yaml', YAML));
    const { jobArray } = await admin().call('getScheduledJobs', { companyHandle });
    expect(jobArray).toMatchObject([
      {
        name: 'Nightly',
        execSchedule: '0 0 2 * * ?',
        submitUserEmail: 'ann@example.com',
        triggerState: 'Normal',
      },
    ]);
    await server.clock.advance(24 * 60 * 60 * 1000);
    const { jobLogArray } = await admin().call('getJobLogs', { companyHandle });
    expect(jobLogArray[0]).toMatchObject({ originalJobName: 'Nightly', fatalError: false });
  });

  it('can be repeated, and adds what is missing', async () => {
    const path = file('shop.yaml', YAML);
    await server.seed(path);
    const before = (await server.snapshot()).tables;
    await server.seed(path);
    expect((await server.snapshot()).tables).toEqual(before);
    const red = assetsOf([{ generate: RED, name: 'red' }]);
    await server.seed(red);
    await server.seed(file('red.json', JSON.stringify(red)));
    expect(await namesOf()).toEqual(['all', 'blue', 'red', 'shoe-1', 'shoe-2', 'shoe-3']);
  });

  it('is what its schema describes', () => {
    const isValid = new Ajv({ strict: true, strictTypes: false }).compile(schema);
    const good: Seed = assetsOf([{ file: 'a.png' }, { generate: RED, name: 'x' }]);
    expect(isValid(good)).toBe(true);
    expect(isValid({ $schema: 'seed.schema.json', ...good })).toBe(true);
    for (const bad of [
      assetsOf([{ generate: { ...RED, width: 0 }, name: 'x' }]),
      assetsOf([{ generate: { ...RED, color: 'red' }, name: 'x' }]),
      assetsOf([{ files: 'a.png' } as SeedAsset]),
      sample({ jobs: [{ name: 'a', kind: 'noJob', details: {} }] }),
      sample({ metadataFields: [{ name: 'a', type: 'Colour' }] }),
      { users: [{ email: 'a@b.c', password: 'x', memberships: [{ company: 'A', role: 'Boss' }] }] },
    ])
      expect(isValid(bad), JSON.stringify(bad)).toBe(false);
  });
});

describe('generated pictures', () => {
  it('are the same every time, and differ by their description', async () => {
    const describe = (more: Partial<SeedPicture>): SeedAsset[] => [
      { generate: { ...RED, width: 60, ...more }, name: 'red' },
    ];
    const digestOf = async (more: Partial<SeedPicture>): Promise<unknown> => {
      await server.reset();
      await server.seed(assetsOf(describe(more)));
      const { tables } = await server.snapshot();
      return tables['assets']?.find(({ name }) => name === 'red')?.['original_file'];
    };
    const forms: Partial<SeedPicture>[] = [
      {},
      { pattern: 'checkers' },
      { pattern: 'stripes' },
      { pattern: 'gradient' },
      { text: 'Red 42' },
      { text: 'Red 43' },
      { format: 'jpeg' },
      { format: 'tiff' },
      { format: 'gif' },
    ];
    const first: unknown[] = [];
    for (const form of forms) first.push(await digestOf(form));
    expect(new Set(first).size).toBe(forms.length);
    expect(await digestOf({})).toBe(first[0]);
    expect(await digestOf({ text: 'red 42' })).toBe(first[4]);
  });
});

describe('a seed that is refused adds nothing', () => {
  const placed = 'companies[0].folders[0].assets[0]';

  it.each<[string, unknown, string]>([
    ['neither file nor picture', assetsOf([{ name: 'a' }]), `${placed}: expected either file or generate`],
    [
      'both',
      assetsOf([{ file: 'a.png', generate: RED, name: 'a' }]),
      `${placed}: expected either file or generate`,
    ],
    [
      'a file in no seed file',
      assetsOf([{ file: 'a.png' }]),
      `${placed}.file: found "a.png", but only a seed file`,
    ],
    [
      'an unknown field',
      assetsOf([{ generat: RED } as SeedAsset]),
      `${placed}: unknown field "generat"; did you mean generate?`,
    ],
    [
      'no width',
      assetsOf([{ generate: { height: 1 } as SeedPicture, name: 'a' }]),
      `${placed}.generate.width: found nothing, expected a whole number from 1 to 10000`,
    ],
    [
      'too many pixels',
      assetsOf([{ generate: { width: 9000, height: 9000 }, name: 'a' }]),
      `${placed}.generate: found 81000000 pixels`,
    ],
    [
      'no color',
      assetsOf([{ generate: { ...RED, color: 'red' }, name: 'a' }]),
      `${placed}.generate.color: found "red", expected a color such as #cc0000`,
    ],
    [
      'a letter that is not drawn',
      assetsOf([{ generate: { ...RED, text: 'größe' }, name: 'a' }]),
      `${placed}.generate.text: found "größe"`,
    ],
    ['a name with a slash', assetsOf([{ generate: RED, name: 'a/b' }]), `${placed}.name: found "a/b"`],
    [
      'a number of assets without {n}',
      assetsOf([{ generate: RED, name: 'a', count: 2 }]),
      `${placed}.name: found "a", expected a name with {n}`,
    ],
    [
      'too many assets',
      assetsOf([{ generate: RED, name: '{n}', count: 1e9 }]),
      `${placed}.count: found 1000000000`,
    ],
    [
      'two equal names',
      assetsOf([
        { generate: RED, name: 'a' },
        { generate: RED, name: 'A' },
      ]),
      `companies[0].folders[0].assets[1].name: "A" is also the name of ${placed}`,
    ],
    [
      'no time',
      assetsOf([{ generate: RED, name: 'a', created: 'yesterday' }]),
      `${placed}.created: found "yesterday", expected an ISO 8601 time`,
    ],
    [
      'published but not marked',
      assetsOf([{ generate: RED, name: 'a', publish: false, published: true }]),
      `${placed}.published: found true, but publish`,
    ],
    [
      'an unknown context',
      assetsOf([{ generate: RED, name: 'a', publish: { Moon: true } }]),
      `${placed}.publish: found "Moon", expected publish contexts: ImageRendering`,
    ],
    [
      'an unknown metadata field',
      assetsOf([{ generate: RED, name: 'a', metadata: { Size: 1 } }]),
      `${placed}.metadata.Size: Sample Company has no metadata field "Size"`,
    ],
    [
      'a metadata object',
      assetsOf([{ generate: RED, name: 'a', metadata: { Size: {} } } as never]),
      `${placed}.metadata.Size: found {}`,
    ],
    ['a path upwards', assetsOf([], '../x'), 'companies[0].folders[0].path: found "../x"'],
    [
      'a member that does not exist',
      sample({ folders: [{ path: '/', sets: [{ name: 's', members: ['none'] }] }] }),
      'companies[0].folders[0].sets[0].members[0]: "Sample Company" has no asset "none"',
    ],
    [
      'a job that runs at once',
      sample({ jobs: [{ name: 'a', kind: 'exportJob', details: {} }] }),
      'companies[0].jobs[0]: expected either schedule or time',
    ],
    [
      'a job with wrong details',
      sample({
        jobs: [
          {
            name: 'a',
            kind: 'imageServingPublishJob',
            details: { publishType: 'Full' },
            schedule: '0 0 2 * * ?',
          },
        ],
      }),
      'companies[0].jobs[0].details: imageServingPublishJob.emailSetting is missing',
    ],
    [
      'a schedule that is none',
      sample({
        jobs: [
          {
            name: 'a',
            kind: 'imageServingPublishJob',
            details: { publishType: 'Full', emailSetting: 'None' },
            schedule: '* * * * *',
          },
        ],
      }),
      'companies[0].jobs[0]: execSchedule',
    ],
  ])('%s', async (_, seed, message) => {
    const before = (await server.snapshot()).tables;
    await expect(server.seed(seed as Seed)).rejects.toThrow(message);
    expect((await server.snapshot()).tables).toEqual(before);
  });

  it('a name that another folder has', async () => {
    await server.seed(assetsOf([{ generate: RED, name: 'red' }]));
    const before = (await server.snapshot()).tables;
    const again = assetsOf(
      [
        { generate: RED, name: 'green' },
        { generate: RED, name: 'RED' },
      ],
      'Hats',
    );
    await expect(server.seed(again)).rejects.toThrow(
      'companies[0].folders[0].assets[1].name: an asset of "Sample Company" already has the name "RED"',
    );
    expect((await server.snapshot()).tables).toEqual(before);
  });

  it.each([
    ['missing', 'images/none.png', 'does not exist'],
    ['broken', 'images/broken.png', 'broken.png: '],
    ['of an unknown type', 'images/notes.xyz', 'the file type .xyz is unknown'],
    ['above the folder', '../secret.png', 'is a path outside the folder of the seed file'],
    ['absolute', '/etc/hosts.png', 'is a path outside the folder of the seed file'],
    ['a link that leads outside', 'images/link.png', 'is a path outside the folder of the seed file'],
    ['behind a link that leads outside', 'up/secret.png', 'is a path outside the folder of the seed file'],
    ['a folder', 'images/../images.d/..', 'expected a file name with an extension'],
    ['a null', 'a\0.png', 'found the character U+0000'],
    ['a tabulator', 'a\t.png', 'a path without control characters'],
  ])('a file that is %s', async (_, name, reason) => {
    const before = (await server.snapshot()).tables;
    const seed = assetsOf([{ file: 'images/blue.png' }, { generate: RED, name: 'red' }, { file: name }]);
    const path = file('bad.json', JSON.stringify(seed));
    const error = await server.seed(path).then(
      () => undefined,
      (caught: Error) => caught.message,
    );
    expect(error).toContain(`${path}: companies[0].folders[0].assets[2].file: `);
    expect(error).toContain(reason);
    expect((await server.snapshot()).tables).toEqual(before);
  });

  it.each([
    ['is not YAML', 'a: [', 'Flow sequence'],
    ['has a tag', 'companies: !!js/function "x"', 'Unresolved tag'],
    ['has a key twice', 'users: []\nusers: []', 'Map keys must be unique'],
    ['has aliases that explode', bomb(), 'Excessive alias count'],
    ['has a key of prototypes', '__proto__: { companies: [] }', 'unknown field "__proto__"'],
    [
      'has constructors as metadata',
      'companies: [{ name: A, folders: [{ path: x, assets: [{ generate: {width: 1, height: 1}, name: a, metadata: { __proto__: 1 } }] }] }]',
      'no metadata field "__proto__"',
    ],
    ['is nested too deeply', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'nested too deeply'],
    ['is a text', 'hello', 'expected an object with'],
    ['is empty', '', 'found nothing, expected an object'],
    ['has several documents', 'users: []\n---\nusers: []', 'found multiple documents, expected one'],
  ])('a YAML file that %s', async (_, text, reason) => {
    const path = file('bad.yaml', text);
    const before = (await server.snapshot()).tables;
    const error = await server.seed(path).then(
      () => undefined,
      (caught: Error) => caught.message,
    );
    expect(error).toContain(`${path}: `);
    expect(error).toContain(reason);
    expect((await server.snapshot()).tables).toEqual(before);
  });

  it('files that are not there, or not text', async () => {
    await expect(server.seed(join(folder, 'none.yaml'))).rejects.toThrow('none.yaml: cannot be read: ENOENT');
    await expect(server.seed(folder)).rejects.toThrow('not a file');
    await expect(server.seed(join(folder, 'secret.png'))).rejects.toThrow('expected UTF-8');
    await expect(server.seed(file('bad.json', '{'))).rejects.toThrow('bad.json: ');
  });
});

describe('the command', () => {
  it('adds a seed file when it starts, and again', async () => {
    const data = mkdtempSync(join(folder, 'data-'));
    const args = ['--data', data, '--company', 'Sample Company', '--seed', file('shop.yaml', YAML)];
    for (let start = 0; start < 2; start += 1) {
      const started = await startServer(args);
      const { assetArray = [] } = await connect(started).call('searchAssets', {
        companyHandle,
        folder: 'SampleCompany/',
        includeSubfolders: true,
      });
      expect(assetArray).toHaveLength(5);
      expect(await started.end('SIGTERM')).toMatchObject({ code: 0 });
    }
  });

  it('does not start with one that is refused', async () => {
    const data = mkdtempSync(join(folder, 'data-'));
    const seed = file(
      'bad.yaml',
      'companies: [{ name: A, folders: [{ path: x, assets: [{ file: none.png }] }] }]',
    );
    const { code, stderr, stdout } = await runCommand(['--data', data, '--port', '0', '--seed', seed]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      `ips-server: ${seed}: companies[0].folders[0].assets[0].file: "none.png" does not exist`,
    );
  });
});

/** A YAML document of a few lines that stands for a million values. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 8; n += 1)
    lines.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}
