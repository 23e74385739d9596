import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backUp } from './backup/backup.js';
import { check } from './backup/check.js';
import { restore } from './backup/restore.js';
import { UsageError } from './command/usage-error.js';
import { parseS3Location } from './files/s3/s3-location.js';

/** A subcommand: takes its arguments and returns its exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** The subcommands of `ips-server`, by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  backup: async (args) => {
    const values = parse(args, { to: { type: 'string' }, ...DATA });
    const to = resolve(needed('backup', 'to', values.to));
    const { created, files, missing, damaged } = await interruptible((signal) =>
      backUp({ ...placeOf(values), to, signal }),
    );
    say(
      `backed up to ${to} at ${created}: database and ${counted(files.count, 'file')} (${counted(files.bytes, 'byte')})`,
    );
    say('keep the backup private: it contains all data, including password hashes');
    for (const hash of missing) warn(`missing: ${hash} is referenced by the database, but has no file`);
    for (const hash of damaged) warn(`damaged: the content of ${hash} does not match its hash`);
    return missing.length + damaged.length > 0 ? 1 : 0;
  },
  restore: async (args) => {
    const values = parse(args, {
      from: { type: 'string' },
      replace: { type: 'boolean' },
      data: DATA.data,
      'file-store': DATA['file-store'],
    });
    if (values['file-store'] !== undefined)
      throw new UsageError(
        'restore: --file-store: restore to a directory, then copy its folder "files" to the place in the bucket, which has the same names: aws s3 sync DATA/files s3://BUCKET/PREFIX',
      );
    const from = resolve(needed('restore', 'from', values.from));
    const { directory } = placeOf(values);
    const { created, database, missing, damaged } = await restore({
      from,
      directory,
      replace: values.replace,
    });
    say(`restored the backup from ${created} to ${directory}`);
    if (database.kind === 'postgresql') {
      const dump = from.endsWith('.tar')
        ? `tar -xOf ${from} database.pgdump |`
        : `cat ${from}/database.pgdump |`;
      say(
        `only files were restored; load the database with: ${dump} pg_restore --clean --if-exists --dbname URL`,
      );
    }
    for (const hash of missing) warn(`missing: ${hash} was missing when the backup was made`);
    for (const hash of damaged) warn(`damaged: ${hash} was damaged when the backup was made`);
    return 0;
  },
  check: async (args) => {
    const values = parse(args, { json: { type: 'boolean' }, strict: { type: 'boolean' }, ...DATA });
    const report = await check(placeOf(values));
    const { files, named, missing, damaged, unowned } = report;
    const failed =
      report.otherStore !== undefined ||
      missing.length + damaged.length > 0 ||
      (values.strict === true && unowned.length > 0);
    if (values.json) say(JSON.stringify({ ok: !failed, ...report }, undefined, 2));
    else {
      if (report.otherStore !== undefined) say(report.otherStore);
      for (const { hash, owner } of missing) say(`missing: ${hash} of ${owner}`);
      for (const { hash, owner } of damaged)
        say(`damaged: ${hash} of ${owner ?? 'no asset in the database'}`);
      for (const hash of unowned) say(`unowned: ${hash}`);
      say(
        `${counted(files, 'file')}, ${named} referenced by the database: ${missing.length} missing, ${damaged.length} damaged, ${unowned.length} unowned`,
      );
    }
    return failed ? 1 : 0;
  },
  load: async (args) => {
    const values = parse(args, {
      assets: { type: 'string' },
      company: { type: 'string' },
      add: { type: 'boolean' },
      ...DATA,
    });
    // What it needs of the image library is loaded by no other start.
    const { load, MOST_ASSETS } = await import('./command/load.js');
    const text = needed('load', 'assets', values.assets);
    const assets = Number(text);
    if (!/^[1-9]\d*$/.test(text) || assets > MOST_ASSETS)
      throw new UsageError(`--assets: expected a whole number from 1 to ${MOST_ASSETS}, found "${text}"`);
    const company = values.company ?? 'Sample Company';
    const progress = drawProgress(assets);
    const place = { ...placeOf(values), company, assets, add: values.add === true };
    const added = await interruptible(async (signal) => {
      const number = await load({ ...place, progress, signal });
      return signal.aborted ? undefined : number;
    });
    if (added === undefined) {
      warn('interrupted; run the same command again to continue');
      return 1;
    }
    say(`added ${counted(added, 'asset')} to ${company}, which has ${counted(assets, 'generated one')}`);
    return 0;
  },
};

/** Does work with a signal that aborts when the process is to end. A second time ends it at once. */
async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const end = (): void => stop.abort(new Error('interrupted'));
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.once(name, end);
  try {
    return await work(stop.signal);
  } finally {
    for (const name of names) process.off(name, end);
  }
}

/** `1 file`, `2 files`. */
function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The width of a bar of progress, and how often it is drawn where it is not a terminal. */
const BAR = 30;

function drawProgress(assets: number): (done: number) => void {
  let shown = -1;
  let start: { readonly done: number; readonly at: number } | undefined;
  return (done) => {
    if (start === undefined) {
      start = { done, at: performance.now() };
      return;
    }
    const percent = Math.floor((100 * done) / assets);
    const rate = Math.round((1000 * (done - start.done)) / (performance.now() - start.at));
    const text = `${done.toLocaleString('en-US')} of ${assets.toLocaleString('en-US')} assets, ${rate.toLocaleString('en-US')} a second`;
    if (process.stderr.isTTY) {
      const full = Math.round((BAR * done) / assets);
      process.stderr.write(
        `\r[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${text}  ${done === assets ? '\n' : ''}`,
      );
    } else if (percent >= shown + 10 || done === assets) process.stderr.write(`${percent} %: ${text}\n`);
    else return;
    shown = percent;
  };
}

const DATA = {
  data: { type: 'string' },
  'database-url': { type: 'string' },
  'file-store': { type: 'string' },
} as const;

interface DataValues {
  readonly data?: string | undefined;
  readonly 'database-url'?: string | undefined;
  readonly 'file-store'?: string | undefined;
}

function placeOf(values: DataValues) {
  const { data = 'ips-data', 'database-url': databaseUrl, 'file-store': url } = values;
  const bucket = url === undefined ? undefined : parseS3Location(url, process.env);
  return { directory: resolve(data), databaseUrl, bucket };
}

function parse<const Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function needed(command: string, name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${command}: --${name} is required`);
  return value;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (line: string): void => void process.stderr.write(`ips-server: ${line}\n`);
