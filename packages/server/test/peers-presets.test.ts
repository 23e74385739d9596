// Clients that other people wrote call the operations of image formats and viewer presets. What is not installed is reported as skipped.
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { PEER_CLIENTS, peerAnswers } from './support/peer-calls.js';
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
  ['deleteImageFormat', { companyHandle, imageFormatHandle: '$0.imageFormatHandle' }, {}],
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
      assetHandle: '$3.viewerPresetHandle',
      configSettingArray: { items: [{ name: 'skin', handle: '$3.viewerPresetHandle' }] },
    },
    {},
  ],
  [
    'getViewerConfigSettings',
    { companyHandle, assetHandle: '$3.viewerPresetHandle' },
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
      assetHandle: '$3.viewerPresetHandle',
      name: 'spin',
      type: 'Spin',
      configSettingArray: { items: [{ name: 'step', value: '2' }] },
    },
    {},
  ],
];

describe.each(PEER_CLIENTS)('with $name', (client) => {
  it('image formats and viewer presets', async (context) => {
    const calls = PRESETS.map(([operation, input]) => [operation, input] as const);
    const answers = await peerAnswers(context, client, server, '2014-04-03', calls);
    expect(answers).toEqual(PRESETS.map(([, , answer]) => answer));
  });
});
