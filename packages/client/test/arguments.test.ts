// What functions say of wrong first arguments, which no compiler checks in programs in JavaScript.
import { createMockClient } from '@ips-sdk/client/mock';
import { createRecorder, replayRecording } from '@ips-sdk/client/recorder';
import { expect, it } from 'vitest';
import { unchecked } from './support/unchecked.js';

const auth = { user: 'ann@example.com', password: 'secret-of-Ann-1' };
const service = { endpoint: 'https://ips.invalid/', auth };
const ips = createMockClient({
  operations: { getFolders: { folderArray: [] }, submitJob: { jobHandle: 'j|1|a|' } },
});
const upload = (sources: unknown) => ips.uploadFiles(unchecked(sources), { destFolder: 'MyCompany/' });

it.each<[string, () => unknown, string]>([
  [
    'the path of a recording',
    () => replayRecording(unchecked('recordings'), service),
    'recording: expected a recording, such as readRecording returns, found "recordings"',
  ],
  ['no recording', () => replayRecording(unchecked(undefined), service), 'recording: expected a recording'],
  [
    'half a recording',
    () => replayRecording(unchecked({ manifest: {} }), service),
    'recording: expected a recording',
  ],
  [
    'no folder for a recorder',
    () => createRecorder(unchecked(undefined)),
    'folder: expected a non-empty string, found undefined',
  ],
  ['an empty folder', () => createRecorder(''), 'folder: expected a non-empty string, found ""'],
  [
    'nothing to upload',
    () => upload(null),
    'sources: expected a path, a file, or an iterable of them, found null',
  ],
  [
    'a number to upload',
    () => upload(5),
    'sources: expected a path, a file, or an iterable of them, found 5',
  ],
  [
    'an empty object in a list',
    () => upload([{}]),
    '[0]: found undefined, source: expected a path, { path } or { content, destPath }, found an object',
  ],
  [
    'content without a name',
    () => upload([{ content: new Uint8Array() }]),
    'source: expected a path, { path } or { content, destPath }',
  ],
  [
    'an unknown kind of job',
    () => ips.jobs.submit(unchecked('exportJobs'), unchecked({})),
    'kind: unknown kind of job; did you mean exportJob?',
  ],
  [
    'no kind of job',
    () => ips.jobs.submit(unchecked(null), unchecked({})),
    'kind: unknown kind of job; expected one of imageServingPublishJob,',
  ],
  [
    'a field that is no kind',
    () => ips.jobs.submit(unchecked('jobName'), unchecked({})),
    'kind: unknown kind of job; expected one of',
  ],
  [
    'no batch',
    () => ips.batch('deleteAssets' as 'moveAssets', unchecked(null)),
    'deleteAssets: expected one of',
  ],
])('%s', async (_, call, words) => {
  const error = await (async () => call())().then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error?.message).toContain(words);
});
