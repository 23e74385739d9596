import type { JobKind } from '@ips-sdk/types/jobs';

const PUBLISH_PLACES: Partial<Record<JobKind, string>> = {
  imageServingPublishJob: 'Image serving',
  imageRenderingPublishJob: 'Image rendering',
  videoPublishJob: 'Video serving',
  serverDirectoryPublishJob: 'Server directory',
};

/** Where a job puts files, as far as its details show it. */
export function destinationOf(kind: JobKind, details: unknown): string | undefined {
  const { destFolder, urlArray } = (details ?? {}) as {
    readonly destFolder?: unknown;
    readonly urlArray?: unknown;
  };
  if (typeof destFolder === 'string' && destFolder !== '') return destFolder;
  if (Array.isArray(urlArray)) {
    const folders = urlArray.flatMap((one: { readonly destPath?: unknown } | null) =>
      typeof one?.destPath === 'string' ? [one.destPath.slice(0, one.destPath.lastIndexOf('/') + 1)] : [],
    );
    return commonFolder(folders);
  }
  return PUBLISH_PLACES[kind];
}

/** The folder that all are in. */
function commonFolder([first, ...others]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  let common = first;
  for (const folder of others)
    while (!folder.startsWith(common))
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1);
  return common === '' ? undefined : common;
}
