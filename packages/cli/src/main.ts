import { EXIT } from './exit-code.js';
import { run } from './run.js';

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
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader has gone, as after `| head`: there is nothing left to do, and it is not an error.
      if (error.code !== 'EPIPE') throw error;
      process.exit(EXIT.ok);
    });
  }
  const { env, stdout, stderr } = process;
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
