import type { Terminal } from './terminal.js';

/** Prompts go to stderr, because stdout is for data. */
function talk(terminal: Terminal): {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  signal: AbortSignal;
} {
  return { input: terminal.stdin, output: terminal.stderr, signal: terminal.signal };
}

/** Prompts for yes or no; the default is no. */
export async function ask(terminal: Terminal, message: string): Promise<boolean> {
  const { default: confirm } = await import('@inquirer/confirm');
  return confirm({ message, default: false }, talk(terminal));
}

/** Prompts for text. */
export async function askText(
  terminal: Terminal,
  message: string,
  options: {
    readonly default?: string | undefined;
    readonly check?: (text: string) => string | boolean;
  } = {},
): Promise<string> {
  const { default: input } = await import('@inquirer/input');
  const text = await input(
    {
      message,
      ...(options.default === undefined ? {} : { default: options.default }),
      required: true,
      validate: (given) => options.check?.(given.trim()) ?? true,
    },
    talk(terminal),
  );
  return text.trim();
}

/** Prompts for a secret without showing it. */
export async function askSecret(terminal: Terminal, message: string): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  return password({ message, mask: true, validate: (text) => text !== '' || 'required' }, talk(terminal));
}

/** Prompts for one of several values. */
export async function choose<T extends string>(
  terminal: Terminal,
  message: string,
  choices: readonly { readonly value: T; readonly name: string }[],
): Promise<T> {
  const { default: select } = await import('@inquirer/select');
  return select({ message, choices }, talk(terminal));
}
