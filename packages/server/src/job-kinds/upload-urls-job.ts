import type { JobPayloads } from '@ips-sdk/types/jobs';
import { requirePlaces } from '../access/permissions/places.js';
import { READ_WRITE } from '../access/permissions/rights.js';
import { ingestOptionsOf } from '../assets/ingest-options.js';
import { cleanPath, destinationPath } from '../assets/upload-path.js';
import type { CompanyRow } from '../db/rows.js';
import { ItemFailure } from '../failures.js';
import { invalidParameter, missingParameter } from '../faults.js';
import type { JobKind } from '../jobs/job-kind.js';
import { fetchFile } from './fetch-file.js';
import { withUploadDefaults } from './upload-defaults.js';
import { type Arrival, UPLOAD_LOG_TYPES, UploadRun } from './upload-run.js';

/** Maximum URLs of one job. */
const MAX_URLS = 100_000;

/** Fetches files from URLs and adds them to the catalog. */
export const uploadUrlsJob: JobKind<'uploadUrlsJob'> = {
  kind: 'uploadUrlsJob',
  type: 'UrlUpload',
  logTypes: { ...UPLOAD_LOG_TYPES, begin: 'BeginUploadUrls', end: 'EndUploadUrls' },
  size: ({ urlArray }) => (urlArray ?? []).length,
  check: async (details, place) => {
    const company = place.company;
    const urls = details.urlArray ?? [];
    if (urls.length === 0) throw missingParameter('uploadUrlsJob/urlArray');
    if (urls.length > MAX_URLS)
      throw invalidParameter('uploadUrlsJob/urlArray', urls.length, `at most ${MAX_URLS} URLs`);
    const paths = urls.map((url, index) => placeOf(company, url, index, destinationPath));
    const folders = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
    await requirePlaces(place.db, place.viewer, folders, READ_WRITE, destPathOf);
    await ingestOptionsOf(place.db, company, details, 'uploadUrlsJob');
  },
  // The service was observed to omit the URLs, which may contain passwords.
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

type UploadUrl = NonNullable<JobPayloads['uploadUrlsJob']['urlArray']>[number];

type Context = Parameters<typeof uploadUrlsJob.run>[0];

function arrivalOf({ services, company }: Context, url: UploadUrl, index: number): Arrival {
  const { files, config } = services;
  const { sourceUrl, destPath } = url;
  return {
    key: `url/${index}`,
    path: placeOf(company, url, index),
    transferred: true,
    fetch: async (signal, progress) => {
      // A URL that cannot be fetched is an error for its file, not for the job.
      if (URL.canParse(sourceUrl) && isFolder(destPath) && nameIn(sourceUrl) === undefined)
        throw new ItemFailure('cannot be fetched: neither the URL nor destPath ends with a file name');
      const limits = {
        maxBytes: config.limits.maxFileBytes,
        timeout: config.limits.fetchTimeout,
        allowPrivateAddresses: config.allowPrivateAddresses,
      };
      return fetchFile(sourceUrl, files, limits, signal, progress);
    },
  };
}

/**
 * The path of a file: the given path or, if that is a folder, the name in the URL inside it.
 *
 * @param clean - Normalizes the path. Only submissions are strict, because jobs accepted by older versions of this server still run.
 */
function placeOf(
  company: CompanyRow,
  { sourceUrl, destPath }: UploadUrl,
  index: number,
  clean = cleanPath,
): string {
  const field = destPathOf(index);
  if (!isFolder(destPath)) return clean(company, destPath, field);
  return clean(company, `${destPath}${nameIn(sourceUrl) ?? `URL ${index + 1}`}`, field);
}

const destPathOf = (index: number): string => `uploadUrlsJob/urlArray/items[${index}]/destPath`;

const isFolder = (path: string): boolean => path === '' || path.endsWith('/');

/** The file name in a URL; `undefined` if there is none. */
function nameIn(sourceUrl: string): string | undefined {
  if (!URL.canParse(sourceUrl)) return undefined;
  const last = new URL(sourceUrl).pathname.split('/').pop() ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // A badly encoded name is used unchanged.
  }
  // An encoded slash does not make a folder.
  return name === '' ? undefined : name.replaceAll(/[/\\]/g, '_');
}
