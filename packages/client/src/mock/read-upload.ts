import { MockError } from './mock-error.js';
import type { MockFile } from './mock-types.js';

/** A request to the upload servlet. */
export interface ReceivedUpload {
  /** The document with the parameters. */
  readonly params: string;
  readonly files: readonly MockFile[];
}

/**
 * Reads the form of a request to the upload servlet, as the service does: `auth` and `uploadParams` are XML, and other parts with a file
 * name are files.
 *
 * @throws MockError when the form is invalid or has an unknown part.
 */
export async function readUpload(contentType: string | undefined, body: Uint8Array): Promise<ReceivedUpload> {
  const form = await parse(contentType, body);
  let params: string | undefined;
  const files: MockFile[] = [];
  for (const [name, value] of form) {
    const text = typeof value === 'string' ? value : undefined;
    if (name === 'auth') continue;
    if (name === 'uploadParams') params = text ?? (await (value as File).text());
    else if (text === undefined) files.push(await fileOf(value as File));
    else
      throw refused(`the part "${name}" is unknown; expected auth, uploadParams, or a file with a file name`);
  }
  if (params === undefined) throw refused('the part uploadParams is missing');
  return { params, files };
}

async function parse(contentType: string | undefined, body: Uint8Array): Promise<FormData> {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? ''))
    throw refused(`Content-Type: expected multipart/form-data, found ${contentType ?? 'none'}`);
  try {
    const headers = { 'content-type': contentType ?? '' };
    return await new Response(body, { headers }).formData();
  } catch (cause) {
    throw refused('the body is not a valid form', cause);
  }
}

async function fileOf(file: File): Promise<MockFile> {
  return { fileName: file.name, content: new Uint8Array(await file.arrayBuffer()) };
}

function refused(reason: string, cause?: unknown): MockError {
  return new MockError('bad-request', `uploadPost: ${reason}`, { operation: 'uploadPost', cause });
}
