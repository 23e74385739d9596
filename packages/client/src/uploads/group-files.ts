import type { LocalFile } from './file-sources.js';
import { folderOf, travelsInHeader } from './servlet.js';

/** The largest total size of the files of a shared request, in bytes. */
const SHARED_BYTES = 8 * 1024 * 1024;

/** Groups small files of the same folder, with names that are valid in headers, into shared requests. */
export function groupFiles(files: readonly LocalFile[], most: number): LocalFile[][] {
  const groups: LocalFile[][] = [];
  const open = new Map<string, { files: LocalFile[]; bytes: number }>();
  for (const file of files) {
    const { size } = file;
    if (size === undefined || size > SHARED_BYTES || !file.repeatable || !travelsInHeader(file)) {
      groups.push([file]);
      continue;
    }
    const folder = folderOf(file.destPath);
    let group = open.get(folder);
    if (group === undefined || group.files.length >= most || group.bytes + size > SHARED_BYTES) {
      group = { files: [], bytes: 0 };
      open.set(folder, group);
      groups.push(group.files);
    }
    group.files.push(file);
    group.bytes += size;
  }
  return groups;
}
