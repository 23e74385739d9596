import type { Caller } from '../caller.js';
import { ConfigError } from '../config-error.js';

/** The destination folder, with a trailing slash. */
export async function destFolderOf(caller: Caller, destFolder: string | undefined): Promise<string> {
  if (destFolder === undefined) {
    const root = await caller.companyRoot();
    if (root === undefined)
      throw new ConfigError(
        'company',
        'expected the option company or companyHandle, which uploadFiles requires',
      );
    return slashed(root);
  }
  const steps = destFolder.split('/').filter((step) => step !== '');
  if (steps.length === 0 || steps.includes('..'))
    throw new ConfigError(
      'destFolder',
      `expected a folder path such as "MyCompany/Shoes/", found ${JSON.stringify(destFolder)}`,
    );
  return `${steps.join('/')}/`;
}

function slashed(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
