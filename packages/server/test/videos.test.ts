import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { findFfmpeg, runFfmpeg } from '../src/images/ffmpeg.js';
import { ImageError } from '../src/images/image-library.js';
import { frameOf, probeVideo } from '../src/images/video.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { messagesOf, runJob } from './support/jobs.js';
import { BLUE, distance, look, RED } from './support/pictures.js';
import { hasFfmpeg, videoHeader, writeVideo } from './support/video-files.js';

const COMPANY = 'c|6';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ips-videos-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const saved = (name: string, content: Uint8Array | string): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

/** A program in the place of ffmpeg. */
function program(name: string, script: string): string {
  const path = saved(name, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('without ffmpeg', () => {
  test('size and duration of a video are read', async () => {
    const path = saved('small.webm', await videoHeader(320, 200, 2.5));
    expect(await probeVideo({ path, ffmpeg: undefined })).toEqual({ width: 320, height: 200, duration: 2.5 });
  });

  test('what ends early or is no video says nothing, at any length', async () => {
    const whole = await videoHeader(320, 200, 2.5);
    for (let part = 0; part < 16; part += 1) {
      const path = saved('cut.webm', whole.subarray(0, (whole.length * part) / 16));
      const found = await probeVideo({ path, ffmpeg: undefined });
      if (found !== undefined) expect(found).toMatchObject({ width: 320, height: 200 });
    }
    expect(await probeVideo({ path: saved('noise.webm', 'no video'), ffmpeg: undefined })).toBeUndefined();
  });

  test('a requested thumbnail is a warning', async () => {
    const { warnings } = await uploaded({ ffmpeg: false }, { generateThumbnail: true });
    expect(warnings).toEqual([
      'MyShoes/clip.webm: no thumbnail was made: this server found no ffmpeg to decode videos with',
    ]);
  });
});

describe('a program in the place of ffmpeg', () => {
  const run = (path: string, signal?: AbortSignal): Promise<Buffer> =>
    runFfmpeg(path, '/nowhere/clip.mp4', { output: ['pipe:1'] }, signal);

  test('may open the file and nothing else', async () => {
    const words = (await run(program('echo', 'echo "$@"'))).toString();
    expect(words).toContain('-protocol_whitelist file,pipe ');
    expect(words).toMatch(/-format_whitelist \S+ -i file:\/nowhere\/clip.mp4 pipe:1/);
    expect(words).not.toMatch(/\b(?:concat|hls|dash|image2|lavfi|sdp)\b/);
  });

  test('gets none of the secrets in the environment', async () => {
    const words = (await run(program('env', 'env'))).toString();
    const names = words.split('\n').map((line) => line.replace(/=.*/, ''));
    expect(names.filter((name) => !['PATH', 'PWD', 'SHLVL', 'OLDPWD', '_', ''].includes(name))).toEqual([]);
  });

  test('is ended when it writes without end', async () => {
    await expect(run(program('endless', 'exec cat /dev/zero'))).rejects.toThrow(/more than 16777216 bytes/);
  });

  test('is ended with the job', async () => {
    const stop = new AbortController();
    const running = run(program('waits', `exec tail -f /dev/null`), stop.signal);
    stop.abort(new Error('the job was stopped'));
    await expect(running).rejects.toThrow('the job was stopped');
  });

  test('is an error with its first words, without paths of the store', async () => {
    const path = program(
      'fails',
      'echo "[mov @ 0x55d0] file:/nowhere/clip.mp4: moov atom not found" >&2; exit 1',
    );
    const failure = run(path);
    await expect(failure).rejects.toThrow(ImageError);
    await expect(failure).rejects.toThrow('the video cannot be decoded: the file: moov atom not found');
    await expect(run(join(directory, 'missing'))).rejects.toThrow(/missing cannot be run/);
  });

  test('is found on the search path, in its order', () => {
    program('ffmpeg', 'exit 0');
    expect(findFfmpeg(`/nowhere::${directory}:/usr/bin`)).toBe(join(directory, 'ffmpeg'));
    expect(findFfmpeg('/nowhere')).toBeUndefined();
  });

  test('has to be there when the options name it', async () => {
    await expect(createIpsServer({ ffmpeg: join(directory, 'missing') })).rejects.toThrow(
      /^ffmpeg: expected the path of a program such as \/usr\/bin\/ffmpeg, found ".*missing"$/,
    );
  });
});

describe.skipIf(!hasFfmpeg)('with ffmpeg', () => {
  const FFMPEG = findFfmpeg() ?? '';

  test.each([
    ['mp4', ['-c:v', 'mpeg4']],
    ['mov', ['-c:v', 'mjpeg']],
    ['webm', ['-c:v', 'libvpx']],
    ['avi', ['-c:v', 'mpeg4']],
    ['flv', ['-c:v', 'flv1']],
    ['wmv', ['-c:v', 'wmv2']],
  ] as const)('size, duration and frames of a video are read: %s', async (extension, options) => {
    const path = join(directory, `real.${extension}`);
    writeVideo(path, ...options);
    const probe = await probeVideo({ path, ffmpeg: FFMPEG });
    expect(probe).toMatchObject({ width: 64, height: 48 });
    expect(Math.abs((probe?.duration ?? 0) - 2)).toBeLessThan(0.2);
    const video = { path, ffmpeg: FFMPEG };
    // A time after the end is as good as none.
    for (const [time, color] of [
      [0, RED],
      [1500, BLUE],
      [60_000, RED],
    ] as const) {
      const frame = await look(await frameOf(video, time));
      expect([frame.width, frame.height]).toEqual([64, 48]);
      expect(distance(frame.at(32, 24), color), `at ${time} ms`).toBeLessThan(10);
    }
  });

  // Times in such streams are known by and by only.
  test.each([
    ['mpg', ['-c:v', 'mpeg2video', '-r', '25']],
    ['mts', ['-c:v', 'mpeg2video', '-r', '25', '-f', 'mpegts']],
    ['ogv', ['-c:v', 'libtheora']],
  ] as const)(
    'size and first frame of a stream without an index are read: %s',
    async (extension, options) => {
      const path = join(directory, `stream.${extension}`);
      writeVideo(path, ...options);
      const probe = await probeVideo({ path, ffmpeg: FFMPEG });
      expect(probe).toMatchObject({ width: 64, height: 48 });
      const frame = await look(await frameOf({ path, ffmpeg: FFMPEG }, 0));
      expect(distance(frame.at(32, 24), RED)).toBeLessThan(10);
    },
  );

  test('pixels that are not square are shown as they are meant', async () => {
    const path = join(directory, 'wide.mp4');
    writeVideo(path, '-c:v', 'mpeg4', '-aspect', '2:1');
    const frame = await look(await frameOf({ path, ffmpeg: FFMPEG }, 0));
    expect([frame.width, frame.height]).toEqual([96, 48]);
  });

  test('a thumbnail is made of the requested frame', async () => {
    const { thumbnail, warnings } = await uploaded(
      { ffmpeg: FFMPEG },
      { thumbnailOptions: { thumbnailTime: 1500 } },
      'mp4',
    );
    expect(warnings).toEqual([]);
    expect(distance((await look(thumbnail ?? '')).at(32, 24), BLUE)).toBeLessThan(10);
  });

  test('a video that ends early has no frame or a sound one, at any length', async () => {
    const path = join(directory, 'whole.mp4');
    writeVideo(path, '-c:v', 'mpeg4', '-movflags', '+faststart');
    const whole = readFileSync(path);
    for (let part = 0; part < 16; part += 1) {
      const cut = saved('cut.mp4', whole.subarray(0, (whole.length * part) / 16));
      const frame = await frameOf({ path: cut, ffmpeg: FFMPEG }, 0).catch((error: unknown) => error);
      if (frame instanceof ImageError)
        expect(frame.message).toMatch(/^the video (?:cannot be decoded|has no)/);
      else expect(distance((await look(frame as Buffer)).at(32, 24), RED)).toBeLessThan(10);
    }
  });

  test('a list of other files is not followed', async () => {
    const other = join(directory, 'other.mp4');
    writeVideo(other, '-c:v', 'mpeg4');
    for (const [name, text] of Object.entries({
      'list.mp4': `ffconcat version 1.0\nfile ${other}\n`,
      'list.mts': `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${other}\n#EXT-X-ENDLIST\n`,
    }))
      await expect(frameOf({ path: saved(name, text), ffmpeg: FFMPEG }, 0)).rejects.toThrow(ImageError);
  });
});

/** Uploads a video with options, and returns what became of it. */
async function uploaded(
  options: { readonly ffmpeg: string | false },
  mediaOptions: object,
  extension = 'webm',
): Promise<{ readonly warnings: string[]; readonly thumbnail: Uint8Array | undefined }> {
  const path = join(directory, `upload.${extension}`);
  if (extension === 'webm') writeFileSync(path, await videoHeader(64, 48, 2));
  else writeVideo(path, '-c:v', 'mpeg4');
  const name = `clip.${extension}`;
  const dataDir = mkdtempSync(join(directory, 'data-'));
  let server: IpsServer | undefined;
  let web: FileServer | undefined;
  try {
    web = await serveFiles({ [`/${name}`]: readFileSync(path) });
    server = await createIpsServer({
      jobClock: 'instant',
      allowPrivateAddresses: true,
      company: 'My Shoes',
      dataDir,
      ...options,
    });
    const connection: Connection = connect(server);
    const upload = await runJob(connection, COMPANY, {
      jobName: 'up',
      uploadUrlsJob: {
        overwrite: true,
        createMask: false,
        emailSetting: 'None',
        readyForPublish: true,
        mediaOptions,
        urlArray: [{ sourceUrl: `${web.url}/${name}`, destPath: `MyShoes/${name}` }],
      },
    });
    const assets = (await server.snapshot()).tables['assets'] ?? [];
    const row = assets.find((asset) => (asset as { name?: unknown }).name === 'clip') as
      | { readonly width: number; readonly height: number; readonly thumb_file: string | null }
      | undefined;
    expect(row).toMatchObject({ width: 64, height: 48, info: { duration: 2 } });
    const hash = row?.thumb_file ?? undefined;
    const files = new DirectoryFileStore(join(dataDir, 'files'));
    return {
      warnings: messagesOf(upload, 'UploadWarning'),
      thumbnail: hash === undefined ? undefined : readFileSync(await files.path(hash)),
    };
  } finally {
    await server?.stop();
    await web?.close();
  }
}
