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

/** Bytes of `500MB`, `0.5 GB`, `200MiB`; a plain number is bytes. */
export function byteSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number === undefined || factor === undefined)
    throw new CliError(EXIT.usage, `${JSON.stringify(text)} is not a size`, 'write 500MB, 0.5GB or 200MiB');
  return Math.floor(Number(number) * factor);
}
