import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecorder, type FolderRecorder, RecordingError, readManifest } from '@ips-sdk/client/recorder';
import { CliError } from '../cli-error.js';
import { stateFolder } from '../config/folders.js';
import { readPrivate, writePrivate } from '../config/private-file.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { count } from '../output/columns.js';
import { RecordingFolder } from './recording-folder.js';
import { needed } from './references.js';

interface Options {
  readonly to?: string;
  readonly keep?: readonly string[];
}

/** `ips record` */
export async function run(context: Context, options: Options, words: readonly string[]): Promise<number> {
  const { to, keep = [] } = options;
  if (to === undefined) throw needed('--to', 'ips record --to <folder> -- <command>');
  if (words[0] === 'record') throw new CliError(EXIT.usage, 'ips record cannot record itself');
  if (context.runCommand === undefined) throw new TypeError('the context cannot run other commands');
  let recorder: FolderRecorder | undefined;
  let folder: RecordingFolder | undefined;
  try {
    return await context.runCommand(words, async () => {
      folder = await RecordingFolder.prepare(to);
      recorder = await openRecorder(context, to, keep);
      return recorder;
    });
  } finally {
    if (recorder !== undefined) await finish(context, recorder, to);
    await folder?.removeIfEmpty();
  }
}

/** Opens a recorder with the key of an existing recording, or with a new key, which it stores. */
async function openRecorder(
  context: Context,
  folder: string,
  keep: readonly string[],
): Promise<FolderRecorder> {
  const fingerprint = await fingerprintOf(folder);
  if (fingerprint === undefined) {
    const key = randomBytes(32);
    const recorder = createRecorder(folder, { key, keep });
    await writePrivate(keyFile(context, recorder.keyFingerprint), { key: key.toString('base64') });
    return recorder;
  }
  const file = keyFile(context, fingerprint);
  const kept = readPrivate(file) as { key?: unknown } | undefined;
  if (typeof kept?.key !== 'string') {
    throw new CliError(
      EXIT.usage,
      `${folder}: the pseudonym key of this recording is not on this machine`,
      'record into a different folder',
    );
  }
  return createRecorder(folder, { key: Buffer.from(kept.key, 'base64'), keep });
}

/** The key fingerprint of a recording; `undefined` if the folder has no recording yet. */
async function fingerprintOf(folder: string): Promise<string | undefined> {
  try {
    return (await readManifest(folder)).keyFingerprint;
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    const files = error.problem === 'missing' ? [] : await readdir(folder).catch(() => ['?']);
    if (files.length > 0) throw error;
    return undefined;
  }
}

async function finish(context: Context, recorder: FolderRecorder, folder: string): Promise<void> {
  await recorder.done();
  if (recorder.count > 0) {
    context.done(
      `recorded ${count(recorder.count, 'exchange')} in ${folder}; review the files before you share them`,
    );
    return;
  }
  context.warn('nothing was recorded: the command did not call the service');
  // An existing recording still needs its key.
  if ((await fingerprintOf(folder)) === undefined)
    await rm(keyFile(context, recorder.keyFingerprint), { force: true });
}

function keyFile(context: Context, fingerprint: string): string {
  if (!/^[0-9a-f]{16}$/.test(fingerprint))
    throw new CliError(EXIT.usage, `expected a key fingerprint, found "${fingerprint}"`);
  return join(stateFolder(context.env), 'recordings', `${fingerprint}.json`);
}
