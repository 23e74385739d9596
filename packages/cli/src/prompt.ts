import type { Terminal } from './terminal.js';

/** Prompts are on stderr, since stdout is for data. */
function talk(terminal: Terminal): {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  signal: AbortSignal;
} {
  return { input: terminal.stdin, output: terminal.stderr, signal: terminal.signal };
}

/** Asks a yes-or-no question; the default is no. */
export async function ask(terminal: Terminal, message: string): Promise<boolean> {
  const { default: confirm } = await import('@inquirer/confirm');
  return confirm({ message, default: false }, talk(terminal));
}

/** Prompts for a text. */
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

/** Prompts for a secret, which is not shown. */
export async function askSecret(terminal: Terminal, message: string): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  return password(
    { message, mask: true, validate: (text) => text !== '' || 'it cannot be empty' },
    talk(terminal),
  );
}

/** Lets the user choose one of several values. */
export async function choose<T extends string>(
  terminal: Terminal,
  message: string,
  choices: readonly { readonly value: T; readonly name: string }[],
): Promise<T> {
  const { default: select } = await import('@inquirer/select');
  return select({ message, choices }, talk(terminal));
}
