import type { ChosenFile } from './upload-plan.ts';

/** What a drop may contain at most. */
const MOST = 10_000;

/** All files of a drop, those in folders included, with their paths. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly ChosenFile[]> {
  // Entries are only valid until the event has been handled, so all are taken before the first wait.
  const entries = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const files: ChosenFile[] = [];
  for (const entry of entries) {
    if (entry === null) continue;
    if (entry instanceof File) files.push({ path: entry.name, size: entry.size, blob: entry });
    else await collect(entry, '', files);
  }
  return files;
}

/** The files of an input, with their paths if it takes folders. */
export function inputFiles(list: FileList): readonly ChosenFile[] {
  return [...list].map((file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    size: file.size,
    blob: file,
  }));
}

async function collect(entry: FileSystemEntry, above: string, files: ChosenFile[]): Promise<void> {
  if (files.length >= MOST) throw new Error(`a drop may contain at most ${MOST} files`);
  const path = `${above}${entry.name}`;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    files.push({ path, size: file.size, blob: file });
    return;
  }
  if (!isDirectory(entry)) return;
  const reader = entry.createReader();
  for (;;) {
    // A reader gives parts of a long folder until it gives nothing.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return;
    for (const child of part) await collect(child, `${path}/`, files);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
