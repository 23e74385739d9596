import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ImageError } from './image-library.js';

/** Options of a program of ffmpeg, before and after its input. */
export interface FfmpegOptions {
  readonly input?: readonly string[];
  readonly output: readonly string[];
}

/** Milliseconds that a program may take. */
const TIMEOUT = 60_000;

/** Most bytes of its output. */
const MAX_OUTPUT = 16 * 2 ** 20;

/** Most bytes that it takes at once. */
const MAX_ALLOCATION = 512 * 2 ** 20;

/** Formats to read. Lists of other files are not among them. */
const FORMATS = [
  ...['mov', 'mp4', 'm4a', '3gp', '3g2', 'matroska', 'webm', 'avi', 'asf', 'flv', 'ogg'],
  ...['mpeg', 'mpegts', 'mpegvideo'],
];

/** The program `ffmpeg` on the search path, if there is one. */
export function findFfmpeg(path: string = process.env['PATH'] ?? ''): string | undefined {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** Whether a path is that of a file that can be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs `ffmpeg` or `ffprobe` on a file from outside: it may read this file and nothing else, and its time, memory and output are
 * limited.
 *
 * @returns What the program writes.
 * @throws ImageError when it fails; the signal's reason when aborted.
 */
export function runFfmpeg(
  program: string,
  path: string,
  { input = [], output }: FfmpegOptions,
  signal?: AbortSignal,
): Promise<Buffer> {
  signal?.throwIfAborted();
  const args = [
    ...['-v', 'error', '-hide_banner', '-max_alloc', String(MAX_ALLOCATION)],
    ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', FORMATS.join(',')],
    ...input,
    ...['-i', `file:${path}`],
    ...output,
  ];
  const child = spawn(program, args, {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    let said = '';
    let failure: string | undefined;
    const end = (reason: string): void => {
      failure ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => end(`it takes longer than ${TIMEOUT} ms`), TIMEOUT);
    const onAbort = (): void => end('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MAX_OUTPUT) return end(`it results in more than ${MAX_OUTPUT} bytes`);
      parts.push(part);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 2000) said += text;
    });
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (error) => {
      settle();
      reject(new ImageError(`${program} cannot be run: ${error.message}`));
    });
    child.once('close', (code) => {
      settle();
      if (signal?.aborted === true) return reject(signal.reason);
      if (failure === undefined && code === 0) return resolve(Buffer.concat(parts));
      reject(new ImageError(`the video cannot be decoded: ${failure ?? wordsOf(said, path)}`));
    });
  });
}

/** The first complaint of a program, without the path of the file and the addresses of its own parts. */
function wordsOf(said: string, path: string): string {
  const [first = ''] = said.split('\n');
  const words = first
    .replaceAll(`file:${path}`, 'the file')
    .replaceAll(path, 'the file')
    .replaceAll(/\[[^\]]* @ 0x[0-9a-f]+\] */g, '')
    .trim();
  return words === '' ? 'it is damaged, or of an unknown kind' : words.slice(0, 200);
}
