import type { UploadPostParam, UploadPostReturn } from '@ips-sdk/types';
import { companyOf } from '../access/call.js';
import { requireOwnJob } from '../access/permissions/own-jobs.js';
import { requirePlaces } from '../access/permissions/places.js';
import { READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { uploadPath } from '../assets/upload-path.js';
import type { RunRow } from '../db/rows.js';
import { invalidParameter, missingParameter } from '../faults.js';
import { runHandle } from '../handles.js';
import type { AreaHandlers, HandlerCall } from './handler.js';

/** The operation of the upload servlet: adds files to an upload that it opens or that a handle names. */
export const uploadPostHandlers: AreaHandlers = { uploadPost };

/**
 * The operation in SOAP and plain XML, which have no place for files: opens an upload, shows that it is not idle, or ends it. The files
 * come through the servlet with its handle.
 */
export const filelessUploadHandlers: AreaHandlers = {
  uploadPost: async (input, call) => {
    for (const field of ['fileName', 'destFolder'] as const)
      if (input[field] !== undefined)
        throw invalidParameter(
          field,
          input[field],
          `no ${field}: it describes files in the same request, which XML has no place for; post them to /scene7/UploadFile`,
        );
    return uploadPost(input, call);
  },
};

async function uploadPost(input: UploadPostParam, call: HandlerCall): Promise<UploadPostReturn> {
  const company = companyOf(call);
  if (input.fileName !== undefined && call.files.length > 1) {
    throw invalidParameter('fileName', input.fileName, 'a single file in a request with a file name');
  }
  const files = call.files.map(({ name, staged }) => ({
    path: uploadPath(company, { fileName: input.fileName, partName: name, destFolder: input.destFolder }),
    staged,
    hash: staged.hash,
    size: staged.size,
  }));
  const folders = files.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  await requirePlaces(call.db, await callerOf(call), folders, READ_WRITE, () =>
    input.destFolder === undefined ? 'fileName' : 'destFolder',
  );
  const run = await runOf(input, call);
  for (const { staged } of files) await staged.keep();
  await call.jobs.takePost(run, files, input.endJob === true);
  return { jobHandle: runHandle(run) };
}

/** The run that a request belongs to: a new one for a name, an existing one for a handle. */
async function runOf(
  input: UploadPostParam,
  call: HandlerCall,
): Promise<Pick<RunRow, 'id' | 'companyId' | 'name'>> {
  const { jobName, jobHandle, uploadParams, locale, description } = input;
  if (jobHandle === undefined) {
    if (jobName === undefined) throw missingParameter('jobName or jobHandle');
    if (uploadParams === undefined) throw missingParameter('uploadParams');
    return call.jobs.openUpload(
      {
        company: companyOf(call),
        submitter: call.identity.user,
        kind: 'uploadPostJob',
        details: uploadParams,
        name: jobName,
        locale,
        description,
      },
      call.remoteAddress,
    );
  }
  if (jobName !== undefined)
    throw invalidParameter('jobHandle', jobHandle, 'either jobName or jobHandle, not both');
  const run = await call.jobs.findUpload(companyOf(call), jobHandle, call.remoteAddress);
  await requireOwnJob(call, async () => [run], jobHandle, 'upload');
  return run;
}
