import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** Parses `500MB`, `0.5 GB` or `200MiB` into bytes; a plain number is bytes. Returns `undefined` if the text is not a size. */
export function byteSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Math.floor(Number(number) * factor);
}

/** Returns a parser for a size on the command line, in bytes, up to a maximum. */
export function sizeUpTo(most: number, limit: string): (text: string) => number {
  return (text) => {
    const size = byteSize(text);
    if (size !== undefined && size >= 1 && size <= most) return size;
    throw new CliError(
      EXIT.usage,
      `expected a size up to ${limit}, such as 500MB, found ${JSON.stringify(text)}`,
    );
  };
}
