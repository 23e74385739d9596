import type { CompanyRow } from '../db/rows.js';
import { invalidParameter, missingParameter } from '../faults.js';

/** What a request says about the path of a file. */
export interface UploadPlace {
  /** The element `fileName`, which takes precedence. */
  readonly fileName?: string | undefined;
  /** The file name of the part. */
  readonly partName: string;
  readonly destFolder?: string | undefined;
}

/**
 * The path of an uploaded file from the company's root, including the file name: `MyCompany/Shoes/red.tif`.
 *
 * @throws IpsFault 30001 for a path that leads out of the company, 30002 when there is no name.
 */
export function uploadPath(company: CompanyRow, { fileName, partName, destFolder }: UploadPlace): string {
  const name = fileName ?? partName;
  if (name === '') throw missingParameter('the name of the file');
  const joined = destFolder === undefined || destFolder === '' ? name : `${destFolder}/${name}`;
  return cleanPath(company, joined, fileName === undefined ? 'filename' : 'fileName');
}

/**
 * Normalizes a path from the company's root: takes slashes and backslashes, drops empty segments, adds the root if missing.
 *
 * @throws IpsFault 30001 for `..`, control characters and names that are too long.
 */
export function cleanPath(company: CompanyRow, path: string, field: string): string {
  const steps = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  const root = company.rootPath.replace(/\/$/, '');
  if (steps[0]?.toLowerCase() === root.toLowerCase()) steps.shift();
  for (const step of steps) {
    if (step === '..' || /[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(step))
      throw invalidParameter(field, path, 'a path without ".." or control characters');
    if (step.length > 255) throw invalidParameter(field, path, 'names of at most 255 characters');
  }
  if (steps.length === 0) throw invalidParameter(field, path, 'the name of a file');
  if (steps.length > 64) throw invalidParameter(field, path, 'at most 64 nested folders');
  return [root, ...steps].join('/');
}
