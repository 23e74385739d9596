import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/**
 * What a jq expression makes of a value: the output of jq itself, which runs as WebAssembly. Texts come without quotes, as with
 * `jq -r`.
 *
 * @throws CliError when the expression cannot be understood, or fails.
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
