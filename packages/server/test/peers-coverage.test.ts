// The clients of other projects call each operation that came after the first release: those of permissions, presets, viewers, vignettes,
// the portal, texts and paths, and those of later versions.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contract } from '@ips-sdk/types/contract';
import { expect, it } from 'vitest';
import { filesCalling } from '../scripts/calls-in-tests.js';
import { handledContract } from '../src/handled-contract.js';
import { PEER_CLIENTS } from './support/peer-calls.js';

const PERMISSIONS = ['Asset', 'Folder', 'PropertySet'].flatMap((owner) =>
  ['set', 'update', 'remove'].map((change) => `${change}${owner}Permissions`),
);
// One text, because names in quotes count as calls.
const OTHERS = `
  getImageFormats saveImageFormat deleteImageFormat createViewerPreset getViewerConfigSettings
  setViewerConfigSettings updateViewerConfigSettings getVignettePublishFormats
  createVignettePublishFormat updateVignettePublishFormat deleteVignettePublishFormat
  addMediaPortalEvent getMediaPortalEvent getSearchStrings getPhotoshopPathNames getPhotoshopPath
  uploadPost
`
  .trim()
  .split(/\s+/);
const LATER = Object.keys(handledContract.operations).filter(
  (operation) => !Object.hasOwn(contract.operations, operation),
);

const folder = fileURLToPath(new URL('.', import.meta.url));
const peers = readdirSync(folder)
  .filter((file) => file.startsWith('peers') && file !== 'peers-coverage.test.ts')
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(`${folder}${file}`, 'utf8') }));

it('are 26 of 2014-04-03, and the eleven of later versions', () => {
  expect([PERMISSIONS.length, OTHERS.length, LATER.length]).toEqual([9, 17, 11]);
  for (const operation of [...PERMISSIONS, ...OTHERS])
    expect(Object.keys(contract.operations)).toContain(operation);
});

it.each([...PERMISSIONS, ...OTHERS, ...LATER])('%s', (operation) => {
  expect(filesCalling(operation, peers)).not.toEqual([]);
});

it('with PHP, and with zeep over both versions of SOAP', () => {
  expect(PEER_CLIENTS.map(({ command }) => command)).toEqual(['php', '/usr/bin/python3', '/usr/bin/python3']);
});
