import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colors a text, or leaves it unchanged. */
export type Paint = (format: Format, text: string) => string;

/**
 * Whether to color a stream: only a terminal, and not if NO_COLOR is set or TERM is dumb. FORCE_COLOR overrides both; 0 turns
 * colors off.
 */
export function wantsColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR']) return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Returns a painter that colors text, or one that leaves it unchanged. */
export function painter(on: boolean): Paint {
  // wantsColor has already checked the stream.
  return on ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;
}
