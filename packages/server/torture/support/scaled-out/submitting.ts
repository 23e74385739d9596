// Submits jobs as a careful client does: what was not answered is looked for before it is sent again.
import { setTimeout as pause } from 'node:timers/promises';
import { IpsFault } from '@ips-sdk/client';
import { pdfOf } from '../../../test/support/documents.ts';
import { ADMIN, type Front } from './fleet.ts';
import type { Observer } from './observer.ts';
import { type Outside, pictureOf } from './outside.ts';
import type { Customer, Work } from './work.ts';

const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';

/** Milliseconds after which a call that was not answered has had its effect, or will have none; and for all attempts. */
const LIMIT = { effect: 3000, submission: 180_000 };

/** Images that a company has from the start. */
const IMAGES = 6;

/** Submits a job, once. */
export async function submit(front: Front, observer: Observer, work: Work): Promise<void> {
  const { customer, name } = work;
  const end = performance.now() + LIMIT.submission;
  for (;;) {
    try {
      if (work.payload === 'post') await post(front, work);
      else await front.client(customer.name).submitJob({ jobName: name, ...work.payload });
      return;
    } catch (error) {
      // The database is away, or the process.
      const passes = !(error instanceof IpsFault) || error.code === 30000;
      if (!passes || performance.now() > end) throw error;
      await pause(LIMIT.effect);
      if ((await runsOf(observer, customer, name)) > 0) return;
    }
  }
}

/** The publish of everything that was marked meanwhile. */
export const lastPublish = (customer: Customer, outside: Outside): Work => {
  const name = `${customer.root}-last-publish`;
  return {
    customer,
    name,
    kind: 'last publish',
    payload: {
      imageServingPublishJob: {
        publishType: 'Full',
        emailSetting: 'All',
        httpCompletionUrl: outside.noticeUrl(name),
      },
    },
    files: [],
    counts: undefined,
    notices: 1,
    follows: false,
  };
};

/** Adds a company with pictures and a document. */
export async function addCustomer(front: Front, observer: Observer, name: string): Promise<Customer> {
  const admin = front.client(name);
  const { companyArray } = await admin.getAllCompanies({ includeExpired: true });
  const known = companyArray.find((company) => company.name === name);
  const { companyHandle, rootPath } = known ?? (await admin.addCompany({ companyName: name })).companyInfo;
  const root = rootPath.replace(/\/$/, '');
  const id = Number(companyHandle.replace(/^c\|/, ''));
  const customer: Customer = { id, name, handle: companyHandle, root, images: [], pdf: '' };
  const seed = `${root}-seed`;
  const files = Object.fromEntries(
    await Promise.all(
      Array.from({ length: IMAGES }, async (_, number) => [
        `${root}/seed/${seed}-${number}.png`,
        await pictureOf(`/${seed}/${number}.png`),
      ]),
    ),
  );
  files[`${root}/seed/${seed}.pdf`] = pdfOf([1, 0, 0], [0, 1, 0]);
  await postFiles(front, customer, seed, 'None', files);
  const unfinished = "select count(*) from runs where company_id = $1 and state <> 'Done'";
  while ((await observer.number(unfinished, [id])) > 0) await pause(100);
  const assets = await observer.rows<{ id: number; type: string }>(
    'select id, type from assets where company_id = $1 order by file_name',
    [id],
  );
  const handles = (type: string): string[] =>
    assets.flatMap((asset) => (asset.type === type ? [`a|${asset.id}`] : []));
  const [pdf] = handles('Pdf');
  if (pdf === undefined || handles('Image').length !== IMAGES)
    throw new Error(`${name} has ${assets.length} assets of its ${IMAGES + 1} files`);
  return { ...customer, images: handles('Image'), pdf };
}

async function post(front: Front, { customer, name, files }: Work): Promise<void> {
  const contents: Record<string, Uint8Array> = {};
  for (const { path, picture } of files) contents[path] = await pictureOf(picture);
  await postFiles(front, customer, name, 'All', contents);
}

/** Posts the files of a job in one request, which also ends it. */
async function postFiles(
  front: Front,
  { handle }: Customer,
  name: string,
  emailSetting: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const form = new FormData();
  form.set(
    'auth',
    `<authHeader xmlns="${NAMESPACE}"><user>${ADMIN.user}</user><password>${ADMIN.password}</password><appName>torture</appName><appVersion>1</appVersion></authHeader>`,
  );
  form.set(
    'uploadParams',
    `<uploadPostParam xmlns="${NAMESPACE}"><companyHandle>${handle}</companyHandle><jobName>${name}</jobName><endJob>true</endJob><uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>${emailSetting}</emailSetting></uploadParams></uploadPostParam>`,
  );
  for (const [path, content] of Object.entries(files))
    form.append('file', new Blob([new Uint8Array(content)]), path);
  const response = await fetch(`${front.url()}/scene7/UploadFile`, { method: 'POST', body: form });
  const body = await response.text();
  if (!body.includes('<jobHandle>')) throw new Error(body);
}

const runsOf = (observer: Observer, { id }: Customer, name: string): Promise<number> =>
  observer.number('select count(*) from runs where company_id = $1 and original_name = $2', [id, name]);
