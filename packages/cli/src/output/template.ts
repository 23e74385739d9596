import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/**
 * A Mustache template as a function of a row. Nothing is escaped, since the result is text and not HTML. `\n` and `\t` stand for a
 * line break and a tab, since shells do not interpret them.
 *
 * @throws CliError when the template cannot be parsed.
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
      'for example --template "{{name}} {{state}}"',
    );
  }
  return (row) => {
    const line = mustache.render(source, row, undefined, { escape: String });
    return line.endsWith('\n') ? line : `${line}\n`;
  };
}
