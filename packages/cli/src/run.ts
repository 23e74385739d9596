import type { CommonOptions, Context, RunCommand } from './context.js';
import { EXIT } from './exit-code.js';
import type { ParsedCommand } from './program.js';
import type { Surroundings } from './terminal.js';

/** Runs a command and returns its exit code. It touches nothing of the process but what it is given. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, stdout, signal } = surroundings;
  // Other programs ask for this most often, so it loads nothing else.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    const { version } = await import('./version.js');
    stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (args[0] === '__complete') {
    const { printCompletions } = await import('./completion/complete.js');
    return printCompletions(args.slice(1), env, stdout);
  }
  const { parse } = await import('./program.js');
  const parsed = await parse(args, stdout, env);
  if ('exitCode' in parsed) {
    if (parsed.error !== undefined) await printError(parsed.error, {}, surroundings);
    return parsed.exitCode;
  }
  const { Context } = await import('./context.js');
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
    return await printError(signal.aborted ? signal.reason : error, options, surroundings);
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

/** Prints what went wrong, where, and what to try, and returns the exit code. */
async function printError(
  error: unknown,
  options: CommonOptions,
  { env, stderr }: Surroundings,
): Promise<number> {
  const [{ explainError }, { painter, wantsColor }, { printable }] = await Promise.all([
    import('./explain-error.js'),
    import('./output/colors.js'),
    import('./output/sanitize.js'),
  ]);
  const { exitCode, message, hint, unexpected } = explainError(error);
  if (exitCode === EXIT.interrupted) return exitCode;
  const paint = painter(wantsColor(stderr, env));
  const [first = '', ...more] = printable(message).split('\n');
  const lines = [`${paint('red', 'error:')} ${first}`, ...more.map((line) => `  ${line}`)];
  if (hint !== undefined) lines.push(`  ${paint('cyan', 'try:')} ${printable(hint)}`);
  const { stack } = error as Error;
  if (options.verbose && stack !== undefined && (unexpected || exitCode === EXIT.service))
    lines.push(paint('dim', printable(stack)));
  stderr.write(`${lines.join('\n')}\n`);
  return exitCode;
}
