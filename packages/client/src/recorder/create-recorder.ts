import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checked, name } from '../option-checks.js';
import { RECORDER } from './check-recorder-options.js';
import { ExchangeScrubber } from './exchange-scrubber.js';
import { type Fixture, MANIFEST_FILE, RECORDING_VERSION, type RecordingManifest } from './fixture.js';
import { Pseudonyms } from './pseudonyms.js';
import type { RawExchange, Recorder } from './raw-exchange.js';
import { parseManifest } from './read-recording.js';
import type { RecorderOptions } from './recorder-options.js';
import { RecordingError } from './recording-error.js';
import { find, parseXml, textOf } from './xml-node.js';

/** A recorder that writes to a folder. */
export interface FolderRecorder extends Recorder {
  /** Number of recorded exchanges. */
  readonly count: number;
  /** Identifies the key. The recording contains it too. */
  readonly keyFingerprint: string;
  /**
   * Waits until all exchanges are written.
   *
   * @throws RecordingError when the folder contains other files, or a recording with another key.
   */
  done(): Promise<void>;
}

/**
 * Creates a recorder for the option `recorder` of a client. It writes each exchange to a file in the folder, with request and response.
 *
 * Passwords and tokens are removed. E-mail addresses, names, handles, hosts and all other text that is not the service's own are replaced
 * with consistent pseudonyms. Dates are shifted by a number of weeks that is constant within a recording. Only size and hash of uploaded
 * files are recorded. All of this happens in memory, before anything is written.
 *
 * @param folder - Path of the folder. It is created if necessary. An existing recording is extended.
 * @throws ConfigError when an option is invalid.
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
  name(folder, 'folder');
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
    // One at a time, to number the files in the order of the exchanges.
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

  /** The pseudonyms of the company and the user. A client without a company may have one in the input of a call. */
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

  /** Writes the manifest if it has changed, and returns the contract of the recording. */
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

  /** Opens the folder, which must be empty or contain a recording with the same key. */
  async #open(): Promise<RecordingManifest | undefined> {
    await mkdir(this.#folder, { recursive: true });
    const files = await readdir(this.#folder);
    if (!files.includes(MANIFEST_FILE)) {
      if (files.length === 0) return undefined;
      throw new RecordingError(
        'not-a-recording',
        `${this.#folder}: expected an empty folder or a recording, found other files`,
      );
    }
    const file = join(this.#folder, MANIFEST_FILE);
    const manifest = parseManifest(await readFile(file, 'utf8'), file);
    if (manifest.keyFingerprint !== this.keyFingerprint)
      throw new RecordingError('other-key', `${this.#folder}: recorded with another key`);
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
        // Another process records to the same folder.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}

/** Adds the contract of the client to a fixture, after the operation. */
function withContract({ operation, ...fixture }: Fixture, contract: string): Fixture {
  return { operation, contract, ...fixture };
}
