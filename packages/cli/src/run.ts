import type { CommonOptions, Context, RunCommand } from './context.js';
import { EXIT } from './exit-code.js';
import type { ParsedCommand } from './program.js';
import type { Surroundings } from './terminal.js';

/** Runs a command and returns its exit code. It accesses the process only through `surroundings`. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, stdout, signal } = surroundings;
  // Other programs call this most often, so load nothing else.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    const { version } = await import('./version.js');
    stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (args[0] === '__complete') {
    const { printCompletions } = await import('./completion/complete.js');
    return printCompletions(args.slice(1), env, stdout);
  }
  let options: CommonOptions = {};
  let path: readonly string[] = [];
  try {
    const { parse } = await import('./program.js');
    const parsed = await parse(args, stdout, env);
    path = parsed.path;
    if ('exitCode' in parsed) {
      if (parsed.error !== undefined) throw parsed.error;
      return parsed.exitCode;
    }
    options = parsed.options as CommonOptions;
    const { Context } = await import('./context.js');
    const runCommand: RunCommand = async (words, openRecorder) => {
      const inner = await parse(words, stdout, env);
      path = inner.path;
      if (!('exitCode' in inner)) {
        const parts = { recorder: await openRecorder() };
        return runParsed(inner, new Context(surroundings, inner.options as CommonOptions, parts));
      }
      if (inner.error !== undefined) throw inner.error;
      return inner.exitCode;
    };
    return await runParsed(parsed, new Context(surroundings, options, { runCommand }));
  } catch (error) {
    return await reportError(signal.aborted ? signal.reason : error, surroundings, { options, path });
  }
}

async function runParsed({ load, args, options }: ParsedCommand, context: Context): Promise<number> {
  try {
    // Before the command changes anything whose result could then not be printed.
    await context.print.check();
    const { run: runCommand, fields } = await load();
    // Each command types its own options and arguments; commander has checked them against its specification.
    const known = typeof fields === 'function' ? fields(options as never, ...(args as never[])) : fields;
    if (known !== undefined) context.print.checkFields(known);
    const code = await runCommand(context, options as never, ...(args as never[]));
    return code ?? EXIT.ok;
  } finally {
    await context.close();
  }
}

/**
 * Prints an error with its hint and returns the exit code. All errors are reported here.
 *
 * @param command - The failed command: its options, and its words, which are used to drop hints that lead back to it.
 */
export async function reportError(
  error: unknown,
  { env, stderr }: Pick<Surroundings, 'env' | 'stderr'>,
  command: { readonly options: CommonOptions; readonly path: readonly string[] },
): Promise<number> {
  const [{ explainError }, { withoutCircle }, { painter, wantsColor }, { printable }, { widthOf, wrap }] =
    await Promise.all([
      import('./explain-error.js'),
      import('./circular-hint.js'),
      import('./output/colors.js'),
      import('./output/sanitize.js'),
      import('./output/wrap.js'),
    ]);
  const { exitCode, message, hint: general, unexpected } = explainError(error, command.path);
  if (exitCode === EXIT.interrupted) return exitCode;
  const paint = painter(wantsColor(stderr, env));
  const width = widthOf(stderr);
  const hint = withoutCircle(general, command.path);
  const [first = '', ...more] = printable(message).split('\n');
  const lines = [
    wrap(`${paint('red', 'error:')} ${first}`, width, 2),
    ...more.map((line) => wrap(`  ${line}`, width, 2)),
  ];
  if (hint !== undefined) {
    const text = `  ${paint('cyan', 'try:')} ${printable(hint)}`;
    // Never wrap a command that users may copy.
    lines.push(hint.startsWith('ips ') ? text : wrap(text, width, 2));
  }
  const { stack } = error as Error;
  if (command.options.verbose && stack !== undefined && (unexpected || exitCode === EXIT.service))
    lines.push(paint('dim', printable(stack)));
  stderr.write(`${lines.join('\n')}\n`);
  return exitCode;
}
