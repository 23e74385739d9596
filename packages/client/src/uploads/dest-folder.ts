import type { Caller } from '../caller.js';

/** The folder where all files go, with a slash at its end. */
export async function destFolderOf(caller: Caller, destFolder: string | undefined): Promise<string> {
  if (destFolder === undefined) {
    const root = await caller.companyRoot();
    if (root === undefined)
      throw new TypeError('uploadFiles needs a company: give the client company or companyHandle');
    return slashed(root);
  }
  const steps = destFolder.split('/').filter((step) => step !== '');
  if (steps.length === 0 || steps.includes('..'))
    throw new RangeError(
      `destFolder is ${JSON.stringify(destFolder)}; expected a folder path such as "MyCompany/Shoes/"`,
    );
  return `${steps.join('/')}/`;
}

function slashed(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
