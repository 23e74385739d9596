import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fixture, MANIFEST_FILE, RECORDING_VERSION, type RecordingManifest } from './fixture.js';
import { RecordingError } from './recording-error.js';

/** An exchange of a recording, and its file. */
export interface RecordedExchange {
  readonly file: string;
  readonly fixture: Fixture;
}

/** The content of a recording. */
export interface Recording {
  readonly manifest: RecordingManifest;
  /** Exchanges in chronological order. */
  readonly exchanges: readonly RecordedExchange[];
}

/**
 * Reads a folder that `createRecorder` or `ips record` wrote.
 *
 * @throws RecordingError when the folder does not exist, is not a recording, or was written by a later version of this package.
 * @example
 * ```ts
 * import { readRecording, RecordingError } from '@ips-sdk/client/recorder';
 *
 * const error = await readRecording('no-such-folder').catch((caught: unknown) => caught);
 * console.log(error instanceof RecordingError && error.problem); // missing
 * ```
 */
export async function readRecording(folder: string): Promise<Recording> {
  const manifest = await readManifest(folder);
  const names = (await readdir(folder)).filter((name) => /^\d+-\w+\.json$/.test(name));
  names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const exchanges = await Promise.all(
    names.map(async (file) => {
      const path = join(folder, file);
      return { file, fixture: parseFixture(await readFile(path, 'utf8'), path) };
    }),
  );
  return { manifest, exchanges };
}

/**
 * Reads the manifest of a recording.
 *
 * @throws RecordingError as {@link readRecording} does.
 */
export async function readManifest(folder: string): Promise<RecordingManifest> {
  const file = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    const there = await readdir(folder).catch(() => undefined);
    if (there === undefined) throw new RecordingError('missing', `the folder ${folder} does not exist`);
    throw new RecordingError('not-a-recording', `${folder} is not a recording: it has no ${MANIFEST_FILE}`);
  }
  return parseManifest(text, file);
}

/** Reads a manifest. */
export function parseManifest(text: string, file: string): RecordingManifest {
  const manifest = parse(text, file) as Partial<RecordingManifest> | null;
  if (manifest?.format !== 'ips-recording' || typeof manifest.version !== 'number')
    throw new RecordingError('not-a-recording', `${file} does not describe a recording`);
  if (manifest.version > RECORDING_VERSION) {
    throw new RecordingError(
      'newer-version',
      `${file}: expected format version ${RECORDING_VERSION} or earlier, found ${manifest.version}`,
    );
  }
  const { recordedOn, keyFingerprint, contract } = manifest;
  if (!Array.isArray(recordedOn) || typeof keyFingerprint !== 'string' || typeof contract !== 'string')
    throw new RecordingError('not-a-recording', `${file} is incomplete`);
  // Checked above; company and user may be absent.
  return manifest as RecordingManifest;
}

function parseFixture(text: string, file: string): Fixture {
  const fixture = parse(text, file) as Partial<Fixture> | null;
  if (typeof fixture?.operation !== 'string' || typeof fixture.request?.headers !== 'object')
    throw new RecordingError('not-a-recording', `${file} does not contain an exchange`);
  // Written by the recorder. Missing fields are reported where they are used.
  return fixture as Fixture;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordingError('not-a-recording', `${file} is not JSON`);
  }
}
