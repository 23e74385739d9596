import type { UploadFile, UploadState } from '../api/contract.ts';

/** A file to upload, with the folders of a dropped folder in its path. */
export interface ChosenFile extends UploadFile {
  readonly blob: Blob;
}

/** The next part to send. */
export interface Chunk {
  /** Number of the file in the upload. */
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

/** The first part of what the host has not received. */
export function nextChunk(
  { files, chunkBytes }: UploadState,
  isSkipped: (file: number) => boolean,
): Chunk | undefined {
  for (const [file, { received, size, status }] of files.entries()) {
    if (status !== 'receiving' || isSkipped(file)) continue;
    return { file, offset: received, length: Math.min(chunkBytes, size - received) };
  }
  return undefined;
}

/** Which of the chosen files is which of the upload's: the same path and size. */
export function matchFiles(
  expected: readonly UploadFile[],
  chosen: readonly ChosenFile[],
): ReadonlyMap<number, ChosenFile> {
  const keyOf = ({ path, size }: UploadFile): string => `${size}\n${path}`;
  const byKey = new Map(chosen.map((file) => [keyOf(file), file]));
  const matches = new Map<number, ChosenFile>();
  for (const [index, file] of expected.entries()) {
    const match = byKey.get(keyOf(file));
    if (match !== undefined) matches.set(index, match);
  }
  return matches;
}

/** Percent from 0 to 100 of what has arrived. */
export function uploadPercent({ received, total, phase }: UploadState): number {
  if (phase === 'done') return 100;
  return total === 0 ? 0 : Math.min(100, (received / total) * 100);
}

/** Whether nothing more will happen to an upload. */
export function isOver({ phase }: UploadState): boolean {
  return phase === 'done' || phase === 'failed' || phase === 'cancelled';
}

/** Names that systems leave in folders, and nobody means to upload. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** The files without the litter of systems, in the order of their paths, each path once. */
export function cleanFiles(files: readonly ChosenFile[]): readonly ChosenFile[] {
  const byPath = new Map<string, ChosenFile>();
  for (const file of files) {
    const name = file.path.split('/').at(-1) ?? '';
    if (LITTER.has(name) || name.startsWith('._')) continue;
    byPath.set(file.path, file);
  }
  return [...byPath.values()].sort((one, other) => one.path.localeCompare(other.path, 'en'));
}
