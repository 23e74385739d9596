import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * Reads a line from a terminal without showing it.
 *
 * @throws Error when the terminal closes or Ctrl-C is pressed before a line is entered.
 */
export async function hiddenPrompt(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  output.write(question);
  // Readline echoes to its output, which goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new Error('interrupted')));
      lines.once('close', () => reject(new Error('no password was entered')));
    });
  } finally {
    lines.close();
    output.write('\n');
  }
}
