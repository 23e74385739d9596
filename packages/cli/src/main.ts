import { EXIT } from './exit-code.js';
import { reportError, run } from './run.js';

/** The exit code after SIGTERM, by shell convention. */
const TERMINATED = 143;

/** How long an interrupted command may take to finish, in milliseconds. */
const GRACE = 3000;

/** Runs `ips` and exits the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const stop = new AbortController();
  let endCode: number | undefined;
  const end = (code: number): void => {
    // A second signal exits immediately.
    if (endCode !== undefined) process.exit(code);
    endCode = code;
    stop.abort(new DOMException('interrupted', 'AbortError'));
    // Work that ignores the signal, such as a response that never arrives, cannot delay the exit further.
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
      // The reader closed the pipe, as `| head` does. This is not an error.
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
      // If messages cannot be written, only the exit code can report the error.
      if (stream === stderr) process.exit(EXIT.failed);
      void fail(error);
    });
  }
  process.on('uncaughtException', fail);
  const code = await run(args, {
    env,
    // Opened on first use.
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
