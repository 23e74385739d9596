import type { CompanyRow } from '../db/rows.js';
import { invalidParameter, missingParameter } from '../faults.js';
import { isPathTooLong, MAX_PATH_BYTES } from '../folders/folder-store.js';

/** The path of a file in a request. */
export interface UploadPlace {
  /** The element `fileName`, which takes precedence. */
  readonly fileName?: string | undefined;
  /** The file name of the part. */
  readonly partName: string;
  readonly destFolder?: string | undefined;
}

/**
 * The path of an uploaded file, including the file name: `MyCompany/Shoes/red.tif`.
 *
 * @throws IpsFault 30001 for a path outside the company, 30002 when there is no name.
 */
export function uploadPath(company: CompanyRow, { fileName, partName, destFolder }: UploadPlace): string {
  const name = fileName ?? partName;
  if (name === '') throw missingParameter('the name of the file');
  const own = withoutDrive(name);
  const joined = destFolder === undefined || destFolder === '' ? own : `${destFolder}/${own}`;
  return destinationPath(company, joined, fileName === undefined ? 'filename' : 'fileName');
}

/** The last segment of a Windows path on the caller's disk: `C:\fakepath\a.jpg`, `\\server\share\a.jpg`. */
function withoutDrive(name: string): string {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(name) ? (name.split(/[\\/]/).pop() ?? '') : name;
}

/**
 * The normalized destination of a file, which is in the company's root. A path with folders starts with the
 * root. A name without folders is a file in the root.
 *
 * @throws IpsFault 30001 for a path outside the company's root, and as {@link cleanPath}.
 */
export function destinationPath(company: CompanyRow, path: string, field: string): string {
  const steps = stepsOf(path);
  if (steps.length > 1 && !isRoot(company, steps[0]))
    throw invalidParameter(field, path, `a path in the company's root, ${company.rootPath}`);
  return cleanPath(company, path, field);
}

/**
 * Normalizes a path from the company's root: accepts slashes and backslashes, drops empty segments,
 * normalizes to NFC, and adds the root if missing.
 *
 * @throws IpsFault 30001 for `..`, control characters and names that are too long.
 */
export function cleanPath(company: CompanyRow, path: string, field: string): string {
  const steps = stepsOf(path);
  if (isRoot(company, steps[0])) steps.shift();
  for (const step of steps) {
    if (step === '..' || /[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(step))
      throw invalidParameter(field, path, 'a path without ".." or control characters');
    if (step.length > 255) throw invalidParameter(field, path, 'names of at most 255 characters');
  }
  if (steps.length === 0) throw invalidParameter(field, path, 'the name of a file');
  if (steps.length > 64) throw invalidParameter(field, path, 'at most 64 nested folders');
  const full = `${company.rootPath}${steps.join('/')}`;
  if (isPathTooLong(full.slice(0, full.lastIndexOf('/') + 1)))
    throw invalidParameter(field, path, `folders whose path has at most ${MAX_PATH_BYTES} bytes`);
  return full;
}

function stepsOf(path: string): string[] {
  return (
    path
      // Names that look the same are equal.
      .normalize('NFC')
      .replaceAll('\\', '/')
      .split('/')
      .filter((step) => step !== '' && step !== '.')
  );
}

const isRoot = ({ rootPath }: CompanyRow, step: string | undefined): boolean =>
  step !== undefined && `${step}/`.toLowerCase() === rootPath.normalize('NFC').toLowerCase();
