import type { Context } from './context.js';

/** Prompts talk on stderr: what is on stdout is data. */
function talk(context: Context): {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  signal: AbortSignal;
} {
  return { input: context.stdin, output: context.stderr, signal: context.signal };
}

/** Asks a question that is answered with yes or no; no unless told otherwise. */
export async function ask(context: Context, message: string): Promise<boolean> {
  const { default: confirm } = await import('@inquirer/confirm');
  return confirm({ message, default: false }, talk(context));
}

/** Asks for a text. */
export async function askText(
  context: Context,
  message: string,
  options: { readonly default?: string | undefined; readonly check?: (text: string) => string | true } = {},
): Promise<string> {
  const { default: input } = await import('@inquirer/input');
  const text = await input(
    {
      message,
      ...(options.default === undefined ? {} : { default: options.default }),
      required: true,
      validate: (given) => options.check?.(given.trim()) ?? true,
    },
    talk(context),
  );
  return text.trim();
}

/** Asks for a secret, which is not shown. */
export async function askSecret(context: Context, message: string): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  return password(
    { message, mask: true, validate: (text) => text !== '' || 'it cannot be empty' },
    talk(context),
  );
}

/** Asks for one of several things. */
export async function choose<T extends string>(
  context: Context,
  message: string,
  choices: readonly { readonly value: T; readonly name: string }[],
): Promise<T> {
  const { default: select } = await import('@inquirer/select');
  return select({ message, choices }, talk(context));
}
