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

interface Options {
  readonly to?: string;
  readonly keep?: readonly string[];
}

/** `ips record` */
export async function run(context: Context, options: Options, words: readonly string[]): Promise<number> {
  const { to, keep = [] } = options;
  if (to === undefined)
    throw new CliError(EXIT.usage, '--to is missing', 'ips record --to <folder> -- <command>');
  if (words[0] === 'record') throw new CliError(EXIT.usage, 'a recording cannot be recorded');
  if (context.runCommand === undefined) throw new TypeError('the context runs no other commands');
  let recorder: FolderRecorder | undefined;
  try {
    return await context.runCommand(words, async () => {
      recorder = await openRecorder(context, to, keep);
      return recorder;
    });
  } finally {
    if (recorder !== undefined) await finish(context, recorder, to);
  }
}

/** Opens a recording with its key: that of the folder where it is one already, or else a new one, which is kept. */
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
  const kept = (await readPrivate(file)) as { key?: unknown } | undefined;
  if (typeof kept?.key !== 'string') {
    throw new CliError(
      EXIT.usage,
      `${folder} was recorded elsewhere: the key of its pseudonyms is not on this machine`,
      'record into another folder',
    );
  }
  return createRecorder(folder, { key: Buffer.from(kept.key, 'base64'), keep });
}

/** The fingerprint of the key of a recording; nothing where there is no recording yet. */
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
      `${count(recorder.count, 'exchange')} recorded in ${folder}; look at the files before you share them`,
    );
    return;
  }
  context.warn('nothing was recorded: the command did not call the service');
  // A recording that was begun before still needs its key.
  if ((await fingerprintOf(folder)) === undefined)
    await rm(keyFile(context, recorder.keyFingerprint), { force: true });
}

function keyFile(context: Context, fingerprint: string): string {
  if (!/^[0-9a-f]{16}$/.test(fingerprint))
    throw new CliError(EXIT.usage, `"${fingerprint}" is not the fingerprint of a key`);
  return join(stateFolder(context.env), 'recordings', `${fingerprint}.json`);
}
