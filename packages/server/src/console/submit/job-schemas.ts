import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type JobKind, jobKinds } from '@ips-sdk/types/jobs';
import type { JobKindInfo, JobKindsAnswer, JsonSchema } from '../api.js';
import { KIND_WORDS } from '../jobs/kind-words.js';

/** Kinds that can be submitted, in the order in which they are offered. */
export const SUBMITTABLE: readonly JobKind[] = jobKinds.filter((kind) => kind !== 'uploadPostJob');

/** The fields that people fill in first, with values that change nothing by themselves. */
const EXAMPLES: Readonly<Partial<Record<JobKind, Readonly<Record<string, unknown>>>>> = {
  imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
  imageRenderingPublishJob: { emailSetting: 'None' },
  videoPublishJob: { emailSetting: 'None' },
  serverDirectoryPublishJob: { emailSetting: 'None' },
  metadataPublishJob: {},
  uploadDirectoryJob: {
    serverDir: '',
    destFolder: '',
    overwrite: true,
    readyForPublish: true,
    includeSubfolders: true,
    createMask: false,
    processMetadataFiles: false,
    emailSetting: 'None',
  },
  uploadUrlsJob: {
    urlArray: [{ sourceUrl: '', destPath: '' }],
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
  },
  optimizeImagesJob: { emailSetting: 'None' },
  ripPdfsJob: { pdfHandleArray: [], createMask: false, emailSetting: 'None' },
  reprocessAssetsJob: { assetHandleArray: [], createMask: false, emailSetting: 'None' },
  createVideoSitemapJob: {},
  exportJob: { assetHandleArray: [], fmt: 'orig', emailSetting: 'None' },
  automatedSetGenerationJob: {
    assetHandleArray: [],
    readyForPublish: true,
    autoSetCreationOptions: { autoSetsArray: [] },
    emailSetting: 'None',
  },
};

let loaded: Promise<Readonly<Record<string, JsonSchema>>> | undefined;

/** The kinds of jobs with the schemas of their payloads. */
export async function jobKindsAnswer(isAllowed: boolean): Promise<JobKindsAnswer> {
  loaded ??= load();
  const $defs = await loaded;
  const kinds = SUBMITTABLE.map(
    (kind): JobKindInfo => ({
      kind,
      ...KIND_WORDS[kind],
      schema: schemaName(kind),
      example: EXAMPLES[kind] ?? {},
      isAllowed,
    }),
  );
  return { kinds, $defs };
}

const schemaName = (kind: JobKind): string => kind.charAt(0).toUpperCase() + kind.slice(1);

/** The schemas of the payloads, and of what they refer to. */
async function load(): Promise<Readonly<Record<string, JsonSchema>>> {
  const file = fileURLToPath(import.meta.resolve('@ips-sdk/types/schema/ips.json'));
  const { definitions } = JSON.parse(await readFile(file, 'utf8')) as {
    definitions: Readonly<Record<string, JsonSchema>>;
  };
  const found: Record<string, JsonSchema> = {};
  const visit = (name: string): void => {
    const schema = definitions[name];
    if (schema === undefined || Object.hasOwn(found, name)) return;
    const text = JSON.stringify(schema);
    found[name] = JSON.parse(text.replaceAll('"#/definitions/', '"#/$defs/')) as JsonSchema;
    for (const [, each = ''] of text.matchAll(/"#\/definitions\/(\w+)"/g)) visit(each);
  };
  for (const kind of SUBMITTABLE) visit(schemaName(kind));
  return found;
}
