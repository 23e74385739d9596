import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/**
 * Compiles a Mustache template to a function of a row. Values are not HTML-escaped, because the result is plain text. `\n` and `\t`
 * become a line break and a tab, because shells do not interpret them.
 *
 * @throws CliError if the template is invalid.
 */
export async function template(text: string): Promise<(row: object) => string> {
  const { default: mustache } = await import('mustache');
  const source = text.replace(/\\([nt\\])/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : '\\'));
  try {
    mustache.parse(source);
  } catch (error) {
    throw new CliError(
      EXIT.usage,
      `--template: ${(error as Error).message}`,
      'give --template "{{name}} {{state}}"',
    );
  }
  return (row) => {
    const line = mustache.render(source, row, undefined, { escape: String });
    return line.endsWith('\n') ? line : `${line}\n`;
  };
}
