import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colors a text, or leaves it unchanged. */
export type Paint = (format: Format, text: string) => string;

/**
 * Whether a stream gets colors: a terminal does, unless NO_COLOR is set or the terminal is dumb. FORCE_COLOR colors everything,
 * unless it is 0.
 */
export function wantsColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR']) return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** The painter for a stream. */
export function painter(on: boolean): Paint {
  // The stream that the text goes to decides whether to paint.
  return on ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;
}
