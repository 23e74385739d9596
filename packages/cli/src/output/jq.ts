import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/**
 * Applies a jq expression to JSON text, using jq compiled to WebAssembly. Prints strings without quotes, as `jq -r` does.
 *
 * @throws CliError if the expression is invalid or fails.
 */
export async function jq(text: string, expression: string, compact: boolean): Promise<string> {
  const { raw } = await import('jq-wasm');
  try {
    const output = await raw(text, expression, compact ? ['-r', '-c'] : ['-r']);
    return output === '' || output.endsWith('\n') ? output : `${output}\n`;
  } catch (error) {
    throw failure(expression, error);
  }
}

/**
 * Compiles a jq expression without running it.
 *
 * @throws CliError if the expression is invalid.
 */
export async function checkJq(expression: string): Promise<void> {
  const { raw } = await import('jq-wasm');
  try {
    // The line break ends a comment at the end of the expression.
    await raw('null', `empty | (${expression}\n)`);
  } catch (error) {
    // The parenthesis would appear in the message, so prefer the message for the expression alone.
    const own = await raw('null', expression).then(
      () => undefined,
      (other: unknown) => other,
    );
    throw failure(expression, own ?? error);
  }
}

function failure(expression: string, error: unknown): CliError {
  const [first = ''] = String((error as Error).message)
    .replace(/^jq: error:?\s*/i, '')
    .split('\n');
  return new CliError(
    EXIT.usage,
    `--jq ${JSON.stringify(expression)}: ${first}`,
    'see https://jqlang.org/manual, and quote the expression for your shell',
  );
}
