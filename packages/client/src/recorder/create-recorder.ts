import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RECORDER } from '../check-options.js';
import { checked } from '../option-checks.js';
import { ExchangeScrubber } from './exchange-scrubber.js';
import { type Fixture, MANIFEST_FILE, RECORDING_VERSION, type RecordingManifest } from './fixture.js';
import { Pseudonyms } from './pseudonyms.js';
import type { RawExchange, Recorder } from './raw-exchange.js';
import { parseManifest } from './read-recording.js';
import type { RecorderOptions } from './recorder-options.js';
import { RecordingError } from './recording-error.js';
import { find, parseXml, textOf } from './xml-node.js';

/** A recorder that writes into a folder. */
export interface FolderRecorder extends Recorder {
  /** How many exchanges were recorded so far. */
  readonly count: number;
  /** Tells keys apart; a recording has it too. */
  readonly keyFingerprint: string;
  /**
   * Waits until everything is written.
   *
   * @throws RecordingError when the folder holds something else, or a recording with another key.
   */
  done(): Promise<void>;
}

/**
 * Makes a recorder for the option `recorder` of a client. Each exchange becomes a file in the folder, with request and answer.
 * Passwords and tokens are removed; e-mail addresses, names, handles, hosts and all other texts that are not the service's own become
 * pseudonyms, the same one for the same text; dates move by a number of weeks that is the same in the whole recording. Files that are
 * uploaded are recorded by size and hash. All of that happens in memory, before anything is written.
 *
 * @param folder - Made when it is not there. A folder with a recording is added to.
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { createIpsClient } from '@ips-sdk/client';
 * import { createRecorder } from '@ips-sdk/client/recorder';
 *
 * const recorder = createRecorder(await mkdtemp(`${tmpdir()}/fixtures-`));
 * const ips = createIpsClient({
 *   region: 'na',
 *   endpoint: process.env['IPS_ENDPOINT'],
 *   auth: { user: 'ann@example.com', password: process.env['IPS_PASSWORD'] ?? '' },
 *   company: 'MyCompany',
 *   recorder,
 * });
 * await ips.getActiveJobs();
 * await recorder.done();
 * console.log(recorder.count); // 2
 * ```
 */
export function createRecorder(folder: string, options: RecorderOptions = {}): FolderRecorder {
  checked(RECORDER, options);
  const key = Buffer.from(options.key ?? randomBytes(32));
  return new RecorderOfFolder(folder, new Pseudonyms(key), options.keep ?? []);
}

class RecorderOfFolder implements FolderRecorder {
  readonly #folder: string;
  readonly keyFingerprint: string;
  readonly #scrubber: ExchangeScrubber;
  #manifest: RecordingManifest | undefined;
  #next = 1;
  #count = 0;
  #work: Promise<void> = Promise.resolve();
  #error: unknown;

  constructor(folder: string, pseudonyms: Pseudonyms, keep: Iterable<string>) {
    this.#folder = folder;
    this.keyFingerprint = pseudonyms.fingerprint;
    this.#scrubber = new ExchangeScrubber(pseudonyms, keep);
  }

  get count(): number {
    return this.#count;
  }

  record(exchange: RawExchange): void {
    const fixture = this.#scrubber.scrub(exchange);
    const contract = exchange.contract ?? '';
    const who = this.#who(exchange);
    this.#count += 1;
    // One after the other, so that files are numbered in the order of the exchanges.
    this.#work = this.#work.then(async () => {
      if (this.#error !== undefined) return;
      try {
        const recorded = await this.#describe(contract, who);
        await this.#write(recorded === contract ? fixture : withContract(fixture, contract));
      } catch (error) {
        this.#error = error;
      }
    });
  }

  async done(): Promise<void> {
    await this.#work;
    if (this.#error !== undefined) throw this.#error;
  }

  /** The pseudonyms of the company and the user. A client without a company may still name one in a call. */
  #who({
    company,
    request,
    parts,
    requestHeaders,
  }: RawExchange): Pick<RecordingManifest, 'company' | 'user'> {
    const first = parts.find((part) => 'xml' in part);
    const document = parseXml(first?.xml ?? request);
    const textIn = (name: string): string | undefined => {
      const found = document && find(document, name);
      return found && (textOf(found) || undefined);
    };
    const basic = /^Basic\s+(\S+)/i.exec(requestHeaders['Authorization'] ?? '')?.[1];
    const user =
      textIn('user') ??
      textIn('AuthUser') ??
      Buffer.from(basic ?? '', 'base64')
        .toString()
        .split(':')[0];
    const name = company ?? textIn('companyName');
    return {
      ...(name === undefined ? {} : { company: this.#scrubber.pseudonym(name) }),
      ...(user === undefined || user === '' ? {} : { user: this.#scrubber.pseudonym(user) }),
    };
  }

  /** Writes what the recording says of itself, where that is new, and answers its contract. */
  async #describe(contract: string, who: Pick<RecordingManifest, 'company' | 'user'>): Promise<string> {
    const before = this.#manifest ?? (await this.#open());
    const today = new Date().toISOString().slice(0, 10);
    const known = before?.recordedOn ?? [];
    const manifest: RecordingManifest = {
      format: 'ips-recording',
      version: RECORDING_VERSION,
      contract: before?.contract ?? contract,
      recordedOn: known.includes(today) ? known : [...known, today],
      keyFingerprint: this.keyFingerprint,
      ...who,
      ...(before?.company === undefined ? {} : { company: before.company }),
      ...(before?.user === undefined ? {} : { user: before.user }),
    };
    this.#manifest = manifest;
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(manifest)) return manifest.contract;
    const file = join(this.#folder, MANIFEST_FILE);
    await writeFile(`${file}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(`${file}.new`, file);
    return manifest.contract;
  }

  /** Opens the folder, which must be empty or hold a recording with the same key. */
  async #open(): Promise<RecordingManifest | undefined> {
    await mkdir(this.#folder, { recursive: true });
    const files = await readdir(this.#folder);
    if (!files.includes(MANIFEST_FILE)) {
      if (files.length === 0) return undefined;
      throw new RecordingError(
        'not-a-recording',
        `${this.#folder} holds other files; expected an empty folder`,
      );
    }
    const file = join(this.#folder, MANIFEST_FILE);
    const manifest = parseManifest(await readFile(file, 'utf8'), file);
    if (manifest.keyFingerprint !== this.keyFingerprint)
      throw new RecordingError('other-key', `${this.#folder} was recorded with another key`);
    this.#next = 1 + Math.max(0, ...files.map((name) => Number(/^(\d+)-/.exec(name)?.[1] ?? 0)));
    return manifest;
  }

  async #write(fixture: Fixture): Promise<void> {
    for (;;) {
      const name = `${String(this.#next).padStart(4, '0')}-${fixture.operation}.json`;
      this.#next += 1;
      try {
        await writeFile(join(this.#folder, name), `${JSON.stringify(fixture, null, 2)}\n`, { flag: 'wx' });
        return;
      } catch (error) {
        // Another process records into the same folder.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}

/** The fixture with the contract that it was made in, behind the name of its operation. */
function withContract({ operation, ...fixture }: Fixture, contract: string): Fixture {
  return { operation, contract, ...fixture };
}
