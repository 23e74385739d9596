import { EXIT } from './exit-code.js';
import { reportError, run } from './run.js';

/** The exit code after SIGTERM, as shells have it. */
const TERMINATED = 143;

/** Milliseconds that a command gets to finish when it is interrupted. */
const GRACE = 3000;

/** Runs `ips`, and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const stop = new AbortController();
  let endCode: number | undefined;
  const end = (code: number): void => {
    // A second signal ends the command at once.
    if (endCode !== undefined) process.exit(code);
    endCode = code;
    stop.abort(new DOMException('interrupted', 'AbortError'));
    // Nothing that ignores the signal, such as an answer that never comes, delays the end for longer.
    setTimeout(() => process.exit(code), GRACE).unref();
  };
  process.on('SIGINT', () => end(EXIT.interrupted));
  process.on('SIGTERM', () => end(TERMINATED));
  const { env, stdout, stderr } = process;
  const fail = async (error: unknown): Promise<void> => {
    const code = await reportError(error, { env, stderr }, { options: {}, path: [] });
    process.exit(code);
  };
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader has gone, as after `| head`: there is nothing left to do, and it is not an error.
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
      // Where messages cannot be written, only the exit code is left.
      if (stream === stderr) process.exit(EXIT.failed);
      void fail(error);
    });
  }
  process.on('uncaughtException', fail);
  const code = await run(args, {
    env,
    // It is opened when somebody asks for it.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    signal: stop.signal,
  });
  if (stop.signal.aborted) process.exit(endCode ?? EXIT.interrupted);
  process.exitCode = code;
}
