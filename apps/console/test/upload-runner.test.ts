import { describe, expect, test } from 'vitest';
import type { ApiClient } from '../src/api/api-client.ts';
import { ApiError } from '../src/api/api-error.ts';
import type { UploadState } from '../src/api/contract.ts';
import { cleanFiles, nextChunk, uploadPercent } from '../src/upload/upload-plan.ts';
import { type RunnerState, UploadRunner } from '../src/upload/upload-runner.ts';

const file = (path: string, text: string) => ({ path, size: text.length, blob: new Blob([text]) });

/** A host with one upload, which a test can interrupt. */
class Host {
  content: string[] = [];
  calls: string[] = [];
  failures: (() => Error | undefined)[] = [];
  /** Bytes of a failing part that arrive nevertheless. */
  partial = 0;
  #files: { path: string; size: number }[] = [];
  #phase: UploadState['phase'] = 'receiving';

  state(): UploadState {
    const files = this.#files.map(({ path, size }, index) => {
      const received = this.content[index]?.length ?? 0;
      return {
        path,
        size,
        received,
        status: received < size ? 'receiving' : 'received',
        warnings: [],
      } as const;
    });
    const received = files.reduce((sum, one) => sum + one.received, 0);
    const total = files.reduce((sum, one) => sum + one.size, 0);
    const phase = this.#phase === 'receiving' && received === total ? 'done' : this.#phase;
    return {
      id: 'u1',
      phase,
      chunkBytes: 4,
      files,
      received,
      total,
      jobName: 'Upload',
      expires: '2026-11-27T00:00:00Z',
    };
  }

  readonly client: Pick<ApiClient, 'get' | 'post' | 'putChunk'> = {
    get: async (path: string) => {
      this.calls.push(`get ${path}`);
      return this.state() as never;
    },
    post: async (path: string, body: unknown) => {
      this.calls.push(`post ${path}`);
      if (path === 'uploads/cancel') this.#phase = 'cancelled';
      else this.begin((body as { files: { path: string; size: number }[] }).files);
      return this.state() as never;
    },
    putChunk: async ({ file: index, offset }, body) => {
      this.calls.push(`put ${index}@${offset}`);
      const text = await body.text();
      const failure = this.failures.shift()?.();
      if (failure !== undefined) {
        this.content[index] = `${this.content[index] ?? ''}${text.slice(0, this.partial)}`;
        throw failure;
      }
      if ((this.content[index]?.length ?? 0) !== offset)
        throw new ApiError('conflict', 'another offset is expected');
      this.content[index] = `${this.content[index] ?? ''}${text}`;
      return this.state();
    },
  };

  begin(files: { path: string; size: number }[]): void {
    this.#files = files;
    this.content = files.map(() => '');
  }
}

function runnerOf(host: Host): { runner: UploadRunner; states: RunnerState[]; waits: number[] } {
  const states: RunnerState[] = [];
  const waits: number[] = [];
  const runner = new UploadRunner({
    client: host.client,
    onChange: (state) => states.push(state),
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  return { runner, states, waits };
}

const two = [file('Summer/red.tif', '0123456789'), file('blue.tif', 'abc')];

describe('an upload', () => {
  test('sends files in parts', async () => {
    const host = new Host();
    const { runner } = runnerOf(host);
    await runner.start({ folder: 'MyCompany/' }, two);
    expect(host.content).toEqual(['0123456789', 'abc']);
    expect(host.calls).toEqual(['post uploads', 'put 0@0', 'put 0@4', 'put 0@8', 'put 1@0']);
    expect(runner.state.activity).toBe('over');
  });

  test('resumes where the host stopped, after waiting longer each time', async () => {
    const host = new Host();
    host.partial = 3;
    const gone = (): Error => new ApiError('network', "cannot reach the console's host");
    host.failures = [() => undefined, gone, gone];
    const { runner, states, waits } = runnerOf(host);
    await runner.start({ folder: 'MyCompany/' }, two);
    expect(host.content).toEqual(['0123456789', 'abc']);
    expect(waits).toEqual([1000, 2000]);
    expect(host.calls).toContain('put 0@7');
    expect(states.some(({ activity, problem }) => activity === 'waiting' && problem !== undefined)).toBe(
      true,
    );
    expect(runner.state).toMatchObject({ activity: 'over', problem: undefined });
  });

  test('ends with the words of a refusal', async () => {
    const host = new Host();
    host.failures = [() => new ApiError('tooLarge', 'the disk is full')];
    const { runner } = runnerOf(host);
    await runner.start({ folder: 'MyCompany/' }, two);
    expect(runner.state).toMatchObject({ activity: 'over', problem: 'the disk is full' });
  });

  test('starts over when the host has lost it, while the host cannot have passed it on', async () => {
    const host = new Host();
    const lost = (): Error => {
      host.content = [];
      return new ApiError('notFound', 'no such upload');
    };
    host.failures = [() => undefined, lost];
    const { runner, waits } = runnerOf(host);
    await runner.start({ folder: 'MyCompany/' }, two);
    expect(host.calls.filter((call) => call === 'post uploads')).toHaveLength(2);
    expect(host.content).toEqual(['0123456789', 'abc']);
    expect(waits).toEqual([1000]);
    expect(runner.state).toMatchObject({ activity: 'over', problem: undefined });
  });

  test('is never sent twice when the last part may have arrived before the host lost it', async () => {
    const host = new Host();
    host.failures = [
      () => undefined,
      () => undefined,
      () => undefined,
      () => new ApiError('network', "cannot reach the console's host"),
    ];
    host.client.get = async () => {
      throw new ApiError('notFound', 'no such upload');
    };
    const { runner } = runnerOf(host);
    await runner.start({ folder: 'MyCompany/' }, two);
    expect(host.calls.filter((call) => call === 'post uploads')).toHaveLength(1);
    expect(runner.state).toMatchObject({
      activity: 'over',
      problem:
        'the console has lost the upload; look among the jobs whether it was submitted before you repeat it',
    });
  });

  test('does not disagree with the host for ever', async () => {
    const host = new Host();
    host.failures = Array.from(
      { length: 9 },
      () => () => new ApiError('conflict', 'another offset is expected'),
    );
    const { runner } = runnerOf(host);
    await runner.start({ folder: 'MyCompany/' }, two);
    expect(runner.state).toMatchObject({ activity: 'over', problem: 'another offset is expected' });
    expect(host.failures).toHaveLength(3);
  });

  test('of a page that was loaded again asks for its files, and takes only those', async () => {
    const host = new Host();
    host.begin(two.map(({ path, size }) => ({ path, size })));
    host.content = ['0123', ''];
    const { runner } = runnerOf(host);
    await runner.resume('u1');
    expect(runner.state.activity).toBe('needsFiles');
    await runner.resume('u1', [file('blue.tif', 'abcd'), file('Summer/red.tif', '0123456789')]);
    expect(host.content).toEqual(['0123456789', '']);
    expect(runner.state.activity).toBe('needsFiles');
    await runner.resume('u1', [file('blue.tif', 'abc')]);
    expect(host.content).toEqual(['0123456789', 'abc']);
    expect(runner.state.activity).toBe('over');
  });

  test('pauses and continues', async () => {
    const host = new Host();
    const { runner } = runnerOf(host);
    host.failures = [
      () => undefined,
      () => {
        runner.pause();
        return new DOMException('aborted', 'AbortError');
      },
    ];
    await runner.start({ folder: 'MyCompany/' }, two);
    expect(runner.state).toMatchObject({ activity: 'paused' });
    expect(host.content).toEqual(['0123', '']);
    await runner.continue();
    expect(host.content).toEqual(['0123456789', 'abc']);
  });

  test('can be cancelled', async () => {
    const host = new Host();
    host.begin([{ path: 'a', size: 3 }]);
    const { runner } = runnerOf(host);
    await runner.resume('u1');
    await runner.cancel();
    expect(runner.state).toMatchObject({ activity: 'over', upload: { phase: 'cancelled' } });
  });
});

describe('the files of an upload', () => {
  test('are sent in their order, those without content too', () => {
    const host = new Host();
    host.begin([{ path: 'a', size: 0 }]);
    const [state] = host.state().files;
    const upload: UploadState = {
      ...host.state(),
      files: state === undefined ? [] : [{ ...state, status: 'receiving' }],
    };
    expect(nextChunk(upload, () => false)).toEqual({ file: 0, offset: 0, length: 0 });
    expect(nextChunk(upload, () => true)).toBeUndefined();
    expect(uploadPercent({ ...upload, phase: 'done' })).toBe(100);
  });

  test('leave out what systems put into folders', () => {
    const files = [
      file('b.tif', '1'),
      file('.DS_Store', '1'),
      file('x/._b.tif', '1'),
      file('a.tif', '1'),
      file('a.tif', '2'),
    ];
    expect(cleanFiles(files).map(({ path }) => path)).toEqual(['a.tif', 'b.tif']);
  });
});
