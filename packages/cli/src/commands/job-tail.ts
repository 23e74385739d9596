import type { JobVerdict } from '@ips-sdk/client';
import type { JobLogDetail } from '@ips-sdk/types';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { localTime } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { contactLines } from '../progress/contact-line.js';
import { type FollowOptions, waitOptions } from '../progress/follow-job.js';
import { findJob } from './find-job.js';
import { LOG_COLUMNS, LOG_FIELDS, paintLogType } from './job-log.js';
import { verdictRow } from './job-verdict.js';

/** The fields of the output. */
export const fields = LOG_FIELDS;

/** `ips job tail` */
export async function run(
  context: Context,
  options: FollowOptions & { readonly exitStatus?: boolean },
  reference: string,
): Promise<number> {
  const job = (await context.client()).jobs.get(await findJob(context, reference));
  const contactLine = await contactLines(context);
  const queue = new Queue<JobLogDetail>();
  let verdict: JobVerdict | undefined;
  const watching = job
    .wait({
      ...waitOptions(options),
      signal: context.signal,
      onEvent: (event) => {
        const contact = contactLine(event);
        if (contact !== undefined) context.note(contact);
        if (event.type === 'log') queue.push(event.row);
        else if (event.type === 'state') context.detail(`${job.name ?? job.handle}: ${event.state}`);
      },
    })
    .then(
      (end) => {
        verdict = end;
        queue.end();
      },
      (error: unknown) => queue.fail(error),
    );
  if (context.print.forPeople) {
    const { paint } = context.print;
    // Column widths are unknown until the end, so print each row as a line.
    for await (const row of queue) {
      const text = [
        paint('dim', localTime(row.dateCreated)),
        paintLogType(printableLine(row.logType), paint),
        printableLine(row.assetName ?? ''),
        printableLine(row.logMessage),
      ];
      await context.print.painted(`${text.filter((part) => part !== '').join('  ')}\n`);
    }
  } else {
    await context.print.rows(queue, LOG_COLUMNS, LOG_FIELDS);
  }
  await watching;
  if (verdict === undefined) return EXIT.ok;
  const { name, status, ok } = verdictRow(job, verdict);
  context.note(`${name}: ${status}`);
  return ok || !options.exitStatus ? EXIT.ok : EXIT.failed;
}

/** An asynchronous queue with one reader. */
class Queue<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  push(value: T): void {
    this.#values.push(value);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#error = error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#values.length > 0) yield this.#values.shift() as T;
      if (this.#ended) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
