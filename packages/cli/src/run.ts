import type { CommonOptions, Surroundings } from './context.js';
import { EXIT } from './exit-code.js';

/** Runs a command, and answers its exit code. It touches nothing of the process but what it is given. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, stdout, signal } = surroundings;
  // The shortest way for what is asked for most often by other programs.
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
    if (parsed.error !== undefined) await tellError(parsed.error, {}, surroundings);
    return parsed.exitCode;
  }
  const { Context } = await import('./context.js');
  const options = parsed.options as CommonOptions;
  const context = new Context(surroundings, options);
  try {
    const { run: runCommand } = await parsed.load();
    const code = await runCommand(context, options as never, ...(parsed.args as never[]));
    return code ?? EXIT.ok;
  } catch (error) {
    return await tellError(signal.aborted ? signal.reason : error, options, surroundings);
  } finally {
    await context.close();
  }
}

/** Says what went wrong, where, and what to try, and answers the exit code. */
async function tellError(
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
