import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import { dispositionOf } from './content-disposition.js';

/** Maximum bytes of the headers of a part. */
const MAX_PART_HEADER = 16 * 1024;

/** Maximum parts of a form. */
const MAX_PARTS = 10_000;

/** A form is invalid. The message is meant for its sender. */
export class FormError extends Error {
  override readonly name = 'FormError';
}

/** Failures of the contents of parts, as the parser reports them, with what they mean. */
const problems = new WeakMap<object, FormError>();

/** What the failure to read a part says about its form; `undefined` for failures of anything else. */
export function formProblem(error: unknown): FormError | undefined {
  if (error instanceof FormError) return error;
  return typeof error === 'object' && error !== null ? problems.get(error) : undefined;
}

/** The parser's messages about a part without an end. */
const ENDS_EARLY = /terminated early|Unexpected end/;

const problemOf = ({ message }: Error): FormError =>
  new FormError(ENDS_EARLY.test(message) ? 'it ends within a part' : message);

/** A part of a form. Read its content before the next part. */
export interface FormPart {
  /** Its name in messages: `the part 'auth'`, or its number if it has no name. */
  readonly label: string;
  /** `undefined` where it has none. */
  readonly name: string | undefined;
  /** `undefined` if it has none, which differs from an empty name. */
  readonly fileName: string | undefined;
  /** `undefined` where it has none. */
  readonly mediaType: string | undefined;
  readonly content: Readable;
}

/** A part as returned by the parser. */
interface RawPart {
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly content: Readable;
}

/**
 * Yields the parts of a `multipart/form-data` request in order. A part that cannot be understood causes an error that names it.
 *
 * @throws FormError if the request is not a complete form.
 */
export async function* formParts(request: IncomingMessage): AsyncGenerator<FormPart, void> {
  const boundary = boundaryOf(request.headers['content-type']);
  const queue: (RawPart | 'end')[] = [];
  let failure: FormError | undefined;
  let wake = (): void => undefined;
  let open: { readonly content: Readable; hasHeader: boolean } | undefined;
  const push = (entry: RawPart | 'end'): void => {
    queue.push(entry);
    wake();
  };
  const fail = (error: FormError): void => {
    failure ??= error;
    open?.content.destroy(failure);
    wake();
  };
  // A part with incomplete headers is treated as a part without headers.
  const closeOpen = (): void => {
    if (open !== undefined && !open.hasHeader) push({ headers: {}, content: open.content });
  };
  // In a variable, because the type declaration lacks maxHeaderSize.
  const limits = { boundary, maxHeaderPairs: 100, maxHeaderSize: MAX_PART_HEADER };
  const parser = new Dicer(limits);
  parser.on('part', (content) => {
    closeOpen();
    const part = { content, hasHeader: false };
    open = part;
    content.on('error', (error: Error) => {
      const problem = formProblem(error) ?? problemOf(error);
      problems.set(error, problem);
      fail(problem);
    });
    content.once('header', (headers) => {
      part.hasHeader = true;
      // The parser returns lists of values by lower-case names, which the type declaration lacks.
      push({ headers: headers as RawPart['headers'], content });
    });
  });
  parser.on('finish', () => {
    closeOpen();
    push('end');
  });
  parser.on('error', (error: Error) => fail(problemOf(error)));
  const ended = (): void => {
    if (!request.complete) fail(new FormError('the request ended early'));
  };
  const failed = (error: Error): void => fail(new FormError(error.message));
  request.on('close', ended).on('error', failed).pipe(parser);
  try {
    for (let number = 1; ; number += 1) {
      while (queue.length === 0 && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const next = queue.shift();
      if (failure !== undefined && (next === undefined || next === 'end')) throw failure;
      if (next === undefined || next === 'end') return;
      if (number > MAX_PARTS) throw new FormError(`it has more than ${MAX_PARTS} parts`);
      yield understood(next, number);
    }
  } finally {
    request.off('close', ended);
    request.unpipe(parser);
    // Reads and discards the rest, so that the sender gets the response.
    request.resume();
  }
}

function understood({ headers, content }: RawPart, number: number): FormPart {
  const numbered = `part ${number}`;
  const disposition = headers['content-disposition'];
  if (disposition === undefined) throw new FormError(`${numbered} has no Content-Disposition`);
  if (disposition.length > 1) throw new FormError(`${numbered} has several Content-Disposition headers`);
  const parsed = dispositionOf(disposition[0] ?? '');
  if (parsed === undefined) throw new FormError(`${numbered}: its Content-Disposition is malformed`);
  const { type, name, fileName } = parsed;
  const label = name === undefined ? numbered : `the part '${name}'`;
  if (type !== 'form-data')
    throw new FormError(`${label}: Content-Disposition: found ${type}, expected form-data`);
  const encoding = headers['content-transfer-encoding']?.[0]?.trim().toLowerCase();
  if (encoding !== undefined && !['7bit', '8bit', 'binary'].includes(encoding))
    throw new FormError(`${label}: Content-Transfer-Encoding: found ${encoding}, expected binary`);
  const mediaType = headers['content-type']?.[0]?.trim();
  if (mediaType !== undefined && /^multipart\//i.test(mediaType))
    throw new FormError(`${label}: Content-Type: found ${mediaType}; nested parts are not supported`);
  return { label, name, fileName, mediaType, content };
}

function boundaryOf(contentType: string | undefined): string {
  if (!/^multipart\/form-data\s*(?:;|$)/i.test(contentType ?? ''))
    throw new FormError(`Content-Type: found ${contentType ?? 'none'}, expected multipart/form-data`);
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || boundary.length > 70)
    throw new FormError('Content-Type: expected a boundary of 1 to 70 characters');
  return boundary;
}
