import type { JobPayloads } from '@ips-sdk/types/jobs';
import { ingestOptionsOf } from '../assets/ingest-options.js';
import { cleanPath, destinationPath } from '../assets/upload-path.js';
import type { CompanyRow } from '../db/rows.js';
import { invalidParameter, missingParameter } from '../faults.js';
import type { JobKind } from '../jobs/job-kind.js';
import { fetchFile } from './fetch-file.js';
import { withUploadDefaults } from './upload-defaults.js';
import { type Arrival, UPLOAD_LOG_TYPES, UploadRun } from './upload-run.js';

/** Most URLs of one job. */
const MAX_URLS = 100_000;

/** Fetches files from URLs and brings them into the catalog. */
export const uploadUrlsJob: JobKind<'uploadUrlsJob'> = {
  kind: 'uploadUrlsJob',
  type: 'UrlUpload',
  logTypes: { ...UPLOAD_LOG_TYPES, begin: 'BeginUploadUrls', end: 'EndUploadUrls' },
  check: async (details, place) => {
    const company = place.company;
    const urls = details.urlArray ?? [];
    if (urls.length === 0) throw missingParameter('uploadUrlsJob/urlArray');
    if (urls.length > MAX_URLS)
      throw invalidParameter('uploadUrlsJob/urlArray', urls.length, `at most ${MAX_URLS} URLs`);
    for (const [index, { sourceUrl, destPath }] of urls.entries()) {
      const path = `uploadUrlsJob/urlArray/items[${index}]`;
      if (!URL.canParse(sourceUrl) || !/^https?:/i.test(sourceUrl))
        throw invalidParameter(`${path}/sourceUrl`, sourceUrl, 'an http or https URL');
      placeOf(company, sourceUrl, destPath, `${path}/destPath`, destinationPath);
    }
    await ingestOptionsOf(place.db, company, details, 'uploadUrlsJob');
  },
  // The service was seen to keep the URLs to itself, which may hold passwords.
  shown: ({ urlArray, ...details }, settings) => ({
    ...withUploadDefaults({ postJobOnlyIfFiles: false, ...details }, settings),
    urlArray: [],
    numUrls: urlArray?.length ?? 0,
  }),
  run: async (context) => {
    const urls = context.details.urlArray ?? [];
    const upload = await UploadRun.begin(context, urls.length);
    await upload.announce(urls.length);
    await upload.add(urls.map((url, index) => arrivalOf(context, url, index)));
    upload.end();
    return 'done';
  },
};

type Context = Parameters<typeof uploadUrlsJob.run>[0];

function arrivalOf(
  { services, company }: Context,
  { sourceUrl, destPath }: NonNullable<JobPayloads['uploadUrlsJob']['urlArray']>[number],
  index: number,
): Arrival {
  const { files, config } = services;
  return {
    key: `url/${index}`,
    path: placeOf(company, sourceUrl, destPath, `uploadUrlsJob/urlArray/items[${index}]/destPath`),
    transferred: true,
    fetch: (signal, progress) =>
      fetchFile(
        sourceUrl,
        files,
        {
          maxBytes: config.limits.maxFileBytes,
          timeout: config.limits.fetchTimeout,
          allowPrivateAddresses: config.allowPrivateAddresses,
        },
        signal,
        progress,
      ),
  };
}

/**
 * Where a file goes: to the given path, or under the name in the URL if the path is a folder.
 *
 * @param clean - Normalizes the path. What an older version of this server accepted still runs, so only a submission is strict.
 */
function placeOf(
  company: CompanyRow,
  sourceUrl: string,
  destPath: string,
  field: string,
  clean = cleanPath,
): string {
  if (destPath !== '' && !destPath.endsWith('/')) return clean(company, destPath, field);
  const last = new URL(sourceUrl).pathname.split('/').pop() ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // A badly encoded name is used as it is.
  }
  if (name === '') throw invalidParameter(field, destPath, 'the path of a file: the URL ends without a name');
  // An encoded slash does not make a folder.
  return clean(company, `${destPath}${name.replaceAll(/[/\\]/g, '_')}`, field);
}
