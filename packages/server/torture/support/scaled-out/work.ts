// The jobs of a company, and what each one must come to.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubmitJobParam } from '@ips-sdk/types';
import { type Outside, pictureOf } from './outside.ts';

/** A company and what it has before the jobs are submitted. */
export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly handle: string;
  /** Its root folder, without the slash. */
  readonly root: string;
  readonly images: readonly string[];
  readonly pdf: string;
}

/** A file that a job adds, by its path from the company's root. */
export interface ExpectedFile {
  readonly path: string;
  /** The picture that it shows. */
  readonly picture: string;
}

/** A job to submit. */
export interface Work {
  readonly customer: Customer;
  readonly name: string;
  readonly kind: string;
  readonly payload: Omit<SubmitJobParam, 'companyHandle' | 'jobName'> | 'post';
  readonly files: readonly ExpectedFile[];
  /** Files that succeed and fail; `undefined` where others decide how many there are. */
  readonly counts: { readonly success: number; readonly error: number } | undefined;
  readonly notices: number;
  /** Whether the publish that follows it sends a notice. */
  readonly follows: boolean;
}

const COMMON = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'All' } as const;

/** The name that the service gives to the publish after an upload. */
export const followName = (name: string): string => `${name}_imageServingPublish`;

type Plan = (customer: Customer, name: string, outside: Outside) => Omit<Work, 'customer' | 'name' | 'kind'>;

const from = (customer: Customer, name: string, count: number): ExpectedFile[] =>
  Array.from({ length: count }, (_, number) => ({
    path: `${customer.root}/${name}/${name}-${number}.png`,
    picture: `/${customer.root}/${name}/${number}.png`,
  }));

const uploadUrls = (files: readonly ExpectedFile[], outside: Outside, name: string) => ({
  ...COMMON,
  postHttpUrl: outside.noticeUrl(name),
  urlArray: files.map(({ path, picture }) => ({ sourceUrl: `${outside.url}${picture}`, destPath: path })),
});

/** One of each kind. Their order is that of submission. */
const PLANS: Readonly<Record<string, Plan>> = {
  'upload and publish': (customer, name, outside) => {
    const files = from(customer, name, 4);
    const publish = {
      publishType: 'Full',
      emailSetting: 'All',
      httpCompletionUrl: outside.noticeUrl(followName(name)),
    } as const;
    return {
      payload: {
        uploadUrlsJob: { ...uploadUrls(files, outside, name), postImageServingPublishJob: publish },
      },
      files,
      counts: { success: 4, error: 0 },
      notices: 1,
      follows: true,
    };
  },
  post: (customer, name) => ({
    payload: 'post',
    files: from(customer, name, 3),
    counts: { success: 3, error: 0 },
    notices: 0,
    follows: false,
  }),
  publish: (_customer, name, outside) => ({
    payload: {
      imageServingPublishJob: {
        publishType: 'Incremental',
        emailSetting: 'All',
        httpCompletionUrl: outside.noticeUrl(name),
      },
    },
    files: [],
    counts: undefined,
    notices: 1,
    follows: false,
  }),
  reprocess: (customer, name, outside) => ({
    payload: {
      reprocessAssetsJob: {
        assetHandleArray: customer.images.slice(0, 3),
        createMask: false,
        emailSetting: 'All',
        postHttpUrl: outside.noticeUrl(name),
      },
    },
    files: [],
    counts: { success: 3, error: 0 },
    notices: 1,
    follows: false,
  }),
  export: (customer) => ({
    payload: {
      exportJob: {
        assetHandleArray: [...customer.images.slice(1, 5), customer.pdf],
        fmt: 'orig',
        emailSetting: 'All',
      },
    },
    files: [],
    counts: { success: 5, error: 0 },
    notices: 0,
    follows: false,
  }),
  rip: (customer, name, outside) => ({
    payload: {
      ripPdfsJob: {
        pdfHandleArray: [customer.pdf],
        createMask: false,
        emailSetting: 'All',
        postHttpUrl: outside.noticeUrl(name),
      },
    },
    files: [],
    counts: { success: 1, error: 0 },
    notices: 1,
    follows: false,
  }),
  optimize: () => ({
    payload: { optimizeImagesJob: { emailSetting: 'All' } },
    files: [],
    counts: undefined,
    notices: 0,
    follows: false,
  }),
  directory: (customer, name, outside) => ({
    payload: {
      uploadDirectoryJob: {
        ...COMMON,
        serverDir: name,
        destFolder: `${customer.root}/${name}`,
        includeSubfolders: true,
        processMetadataFiles: false,
        postHttpUrl: outside.noticeUrl(name),
      },
    },
    files: from(customer, name, 3),
    counts: { success: 3, error: 0 },
    notices: 1,
    follows: false,
  }),
  upload: (customer, name, outside) => {
    const files = from(customer, name, 5);
    return {
      payload: { uploadUrlsJob: uploadUrls(files, outside, name) },
      files,
      counts: { success: 5, error: 0 },
      notices: 1,
      follows: false,
    };
  },
  'upload with a gap': (customer, name, outside) => {
    const files = from(customer, name, 2);
    const gap = { path: `${customer.root}/${name}/gap.png`, picture: '/gap' };
    return {
      payload: { uploadUrlsJob: uploadUrls([...files, gap], outside, name) },
      files,
      counts: { success: 2, error: 1 },
      notices: 1,
      follows: false,
    };
  },
};

/** The jobs of a company: of all kinds in turn. */
export function workOf(customer: Customer, count: number, outside: Outside): Work[] {
  const kinds = Object.entries(PLANS);
  return Array.from({ length: count }, (_, number) => {
    const [kind, plan] = kinds[number % kinds.length] ?? [];
    if (kind === undefined || plan === undefined) throw new Error('there are no kinds of work');
    const name = `${customer.root}-${number}-${kind.replaceAll(' ', '-')}`;
    return { customer, name, kind, ...plan(customer, name, outside) };
  });
}

/** Writes the files of the jobs that upload directories of the server. */
export async function writeDirectories(works: readonly Work[], serverRoot: string): Promise<void> {
  for (const { kind, name, files } of works) {
    if (kind !== 'directory') continue;
    const directory = join(serverRoot, name);
    mkdirSync(directory, { recursive: true });
    for (const { path, picture } of files)
      writeFileSync(join(directory, path.slice(path.lastIndexOf('/') + 1)), await pictureOf(picture));
  }
}
