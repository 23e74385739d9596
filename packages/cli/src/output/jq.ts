import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/**
 * Applies a jq expression to a value, with jq itself as WebAssembly. Texts come without quotes, as with `jq -r`.
 *
 * @throws CliError when the expression cannot be parsed, or fails.
 */
export async function jq(text: string, expression: string, compact: boolean): Promise<string> {
  const { raw } = await import('jq-wasm');
  try {
    const output = await raw(text, expression, compact ? ['-r', '-c'] : ['-r']);
    return output === '' || output.endsWith('\n') ? output : `${output}\n`;
  } catch (error) {
    const [first = ''] = String((error as Error).message)
      .replace(/^jq: error:?\s*/i, '')
      .split('\n');
    throw new CliError(
      EXIT.usage,
      `--jq ${JSON.stringify(expression)}: ${first}`,
      'see https://jqlang.org/manual for expressions; quote them for your shell',
    );
  }
}
