import type { ServerWorld } from '../facts/fact.js';

/** Uploads a file into the company's root and answers the handle of its asset; `more` overrides fields of the job. */
export async function uploaded(
  { files, run, upload }: ServerWorld,
  fileName: string,
  content: Uint8Array,
  more: Parameters<ServerWorld['upload']>[1] = {},
): Promise<string> {
  files.set(`/${fileName}`, content);
  const urlArray = [{ sourceUrl: `${files.url}/${fileName}`, destPath: `SampleCompany/${fileName}` }];
  const log = await run({ jobName: `Upload of ${fileName}`, ...upload([], { urlArray, ...more }) });
  const name = fileName.replace(/\.[^.]+$/, '');
  const handle = log.detailArray?.find(({ assetName }) => assetName === name)?.assetHandle;
  if (handle === undefined) throw new Error(`no asset ${name} came of the upload`);
  return handle;
}
