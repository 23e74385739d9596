// SOAP clients that other people wrote call operations that are not part of the workflow in peers.test.ts, by the WSDL that the server
// publishes. What is not installed is reported as skipped.
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { serverForEachTest } from './support/shared-server.js';

let server: IpsServer;
serverForEachTest('instant', (shared) => {
  server = shared;
});

const companyHandle = 'c|6';
const handle = expect.stringMatching(/^[ai]\|[\d|]+$/);

/** A call, and its answer. The inputs are as on the wire: lists are under `items`. */
type PeerCall = readonly [operation: string, input: object, answer: object];

const PRESETS: readonly PeerCall[] = [
  [
    'saveImageFormat',
    { companyHandle, name: 'Thumb & <more>', urlModifier: 'wid=100&qlt=80' },
    { imageFormatHandle: handle },
  ],
  [
    'getImageFormats',
    { companyHandle },
    {
      imageFormatArray: {
        items: [{ imageFormatHandle: handle, name: 'Thumb & <more>', urlModifier: 'wid=100&qlt=80' }],
      },
    },
  ],
  ['deleteImageFormat', { companyHandle, imageFormatHandle: '{0.imageFormatHandle}' }, {}],
  [
    'createViewerPreset',
    {
      companyHandle,
      folderHandle: 'f|SampleCompany/',
      name: 'zoom',
      type: 'BasicZoom',
      configSettingArray: { items: [{ name: 'step', value: '1 & <2>' }] },
    },
    { viewerPresetHandle: handle },
  ],
  [
    'updateViewerConfigSettings',
    {
      companyHandle,
      assetHandle: '{3.viewerPresetHandle}',
      configSettingArray: { items: [{ name: 'skin', handle: '{3.viewerPresetHandle}' }] },
    },
    {},
  ],
  [
    'getViewerConfigSettings',
    { companyHandle, assetHandle: '{3.viewerPresetHandle}' },
    {
      type: 'BasicZoom',
      configSettingArray: {
        items: [
          { name: 'step', value: '1 & <2>' },
          { name: 'skin', handle },
        ],
      },
    },
  ],
  [
    'setViewerConfigSettings',
    {
      companyHandle,
      assetHandle: '{3.viewerPresetHandle}',
      name: 'spin',
      type: 'Spin',
      configSettingArray: { items: [{ name: 'step', value: '2' }] },
    },
    {},
  ],
];

const run = promisify(execFile);
const wsdl = () => `${server.url}/scene7/webservice/IpsApi-2014-04-03.wsdl`;
const script = (name: string) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

const CLIENTS = [
  {
    client: 'PHP',
    command: 'php',
    test: ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);'],
    file: 'calls.php',
  },
  { client: 'zeep', command: '/usr/bin/python3', test: ['-c', 'import zeep'], file: 'calls.py' },
  {
    client: 'zeep over SOAP 1.2',
    command: '/usr/bin/python3',
    test: ['-c', 'import zeep'],
    file: 'calls.py',
    soap12: true,
  },
];

describe.each([{ area: 'image formats and viewer presets', calls: PRESETS }])('$area', ({ calls }) => {
  it.for(CLIENTS)('with $client', async ({ command, test, file, soap12 = false }, context) => {
    if (spawnSync(command, test, { stdio: 'ignore' }).status !== 0)
      context.skip(`${command} ${test.join(' ')} does not work here`);
    const given = {
      user: server.admin.email,
      password: server.admin.password,
      soap12,
      calls: calls.map(([operation, input]) => [operation, input]),
    };
    const { stdout } = await run(command, [script(file), wsdl(), JSON.stringify(given)]);
    expect(JSON.parse(stdout)).toEqual(calls.map(([, , answer]) => answer));
  });
});
