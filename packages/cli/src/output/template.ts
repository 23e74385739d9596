import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/**
 * A Mustache template as a function of a row. Nothing is escaped: what comes out is text, not HTML. `\n` and `\t` stand for a line
 * break and a tab, since shells pass them on as they are.
 *
 * @throws CliError when the template cannot be understood.
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
