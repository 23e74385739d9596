import type { CommonOptions, Context, RunCommand } from './context.js';
import { EXIT } from './exit-code.js';
import type { ParsedCommand } from './program.js';

/** Exit code for a request to end, as shells have it. */
const TERMINATED = 143;

/** Milliseconds that a command gets to put its work down. */
const GRACE = 3000;

/** Runs `ips`, and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const stop = new AbortController();
  let endCode: number | undefined;
  const end = (code: number): void => {
    // Who asks twice does not want to wait.
    if (endCode !== undefined) process.exit(code);
    endCode = code;
    stop.abort(new DOMException('interrupted', 'AbortError'));
    // What does not hear of it, such as an answer that never comes, is not waited for.
    setTimeout(() => process.exit(code), GRACE).unref();
  };
  process.on('SIGINT', () => end(EXIT.interrupted));
  process.on('SIGTERM', () => end(TERMINATED));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Nobody reads any more, as behind `| head`: there is nothing left to do, and nothing wrong.
      if (error.code !== 'EPIPE') throw error;
      process.exit(EXIT.ok);
    });
  }
  const code = await run(args, stop.signal);
  if (stop.signal.aborted) process.exit(endCode ?? EXIT.interrupted);
  process.exitCode = code;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
  // The shortest way for what is asked for most often by other programs.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    const { version } = await import('./version.js');
    process.stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (args[0] === '__complete') {
    const { printCompletions } = await import('./completion/complete.js');
    return printCompletions(args.slice(1), process.env);
  }
  const { parse } = await import('./program.js');
  const parsed = await parse(args, process.stdout, process.env);
  if ('exitCode' in parsed) {
    if (parsed.error !== undefined) await printError(parsed.error, {});
    return parsed.exitCode;
  }
  const { Context } = await import('./context.js');
  const { env, stdin, stdout, stderr } = process;
  const surroundings = { env, stdin, stdout, stderr, signal };
  const options = parsed.options as CommonOptions;
  const runCommand: RunCommand = async (words, openRecorder) => {
    const inner = await parse(words, stdout, env);
    if (!('exitCode' in inner)) {
      const parts = { recorder: await openRecorder() };
      return runParsed(inner, new Context(surroundings, inner.options as CommonOptions, parts));
    }
    if (inner.error !== undefined) throw inner.error;
    return inner.exitCode;
  };
  try {
    return await runParsed(parsed, new Context(surroundings, options, { runCommand }));
  } catch (error) {
    return await printError(signal.aborted ? signal.reason : error, options);
  }
}

async function runParsed({ load, args, options }: ParsedCommand, context: Context): Promise<number> {
  try {
    const { run: runCommand } = await load();
    // Each command types its own options and arguments; commander has checked them against its description.
    const code = await runCommand(context, options as never, ...(args as never[]));
    return code ?? EXIT.ok;
  } finally {
    await context.close();
  }
}

/** Says what went wrong, where, and what to try, and answers the exit code. */
async function printError(error: unknown, options: CommonOptions): Promise<number> {
  const [{ explainError }, { painter, wantsColor }, { printable }] = await Promise.all([
    import('./explain-error.js'),
    import('./output/colors.js'),
    import('./output/sanitize.js'),
  ]);
  const { exitCode, message, hint, unexpected } = explainError(error);
  if (exitCode === EXIT.interrupted) return exitCode;
  const paint = painter(wantsColor(process.stderr, process.env));
  const [first = '', ...more] = printable(message).split('\n');
  const lines = [`${paint('red', 'error:')} ${first}`, ...more.map((line) => `  ${line}`)];
  if (hint !== undefined) lines.push(`  ${paint('cyan', 'try:')} ${printable(hint)}`);
  const { stack } = error as Error;
  if (options.verbose && stack !== undefined && (unexpected || exitCode === EXIT.service))
    lines.push(paint('dim', printable(stack)));
  process.stderr.write(`${lines.join('\n')}\n`);
  return exitCode;
}
