import type { ImageServingPublishJob, OperationName, Operations } from '@ips-sdk/types';
import { type BatchOperationName, type BatchResult, batch } from './batch.js';
import { Caller } from './caller.js';
import { type CdnInvalidation, invalidateCdn } from './cdn.js';
import type { InvalidateOptions } from './cdn-options.js';
import { Cdn } from './cdn-selection.js';
import { BATCH, checkedCallOptions, INVALIDATE, STREAM, WALK } from './check-options.js';
import type { ClientInput } from './client-input.js';
import type { Endpoints } from './endpoints.js';
import { type WalkedFolder, walkFolders } from './folders.js';
import type { Exchange } from './history.js';
import type { HttpSender } from './http/transport.js';
import type { Job } from './jobs/job.js';
import type { SubmitOptions } from './jobs/job-options.js';
import { Jobs } from './jobs/jobs.js';
import type { BatchOptions, StreamOptions, WalkOptions } from './list-options.js';
import { checked } from './option-checks.js';
import type { CallOptions, IpsClientOptions, RawAnswer } from './options.js';
import { type PagedInput, type PagedOperations, paginate } from './paginate.js';
import { Permissions } from './permissions/permissions.js';
import { SmartCrops } from './smart-crops.js';
import type { SoapClient } from './soap-client.js';
import { streamItems } from './stream-items.js';
import { TransferMethods } from './transfer-methods.js';

/** Methods and properties of every client, apart from the operations. */
export class IpsClientBase extends TransferMethods {
  /** Submits, finds and watches jobs. */
  readonly jobs: Jobs;
  /** Smart crops of images. Requires a contract that has them. */
  readonly smartCrops: SmartCrops;
  /** Lists and explains permissions of folders and assets. */
  readonly permissions: Permissions;
  /** Builds and invalidates CDN URLs of assets, folders and publishes. */
  readonly cdn: Cdn;
  readonly #caller: Caller;

  /** Use {@link createIpsClient} instead. */
  constructor(options: IpsClientOptions);
  /** @internal */
  constructor(options: IpsClientOptions, transport: HttpSender | undefined);
  constructor(options: IpsClientOptions, transport?: HttpSender) {
    const caller = new Caller(options, transport);
    const jobs = new Jobs(caller);
    super(caller, jobs);
    this.#caller = caller;
    this.jobs = jobs;
    this.smartCrops = new SmartCrops(this.#caller);
    this.permissions = new Permissions(this.#caller);
    this.cdn = new Cdn(this.#caller, this.jobs);
  }

  /** The service URLs in use. */
  get endpoints(): Endpoints {
    return this.#caller.endpoints;
  }

  /**
   * The most recent exchanges, oldest first, with secrets removed. See the option `historySize`.
   *
   * @example
   * ```ts
   * await ips.getActiveJobs();
   * const last = ips.history.at(-1);
   * console.log(last?.operation, last?.status); // getActiveJobs 200
   * ```
   */
  get history(): readonly Exchange[] {
    return this.#caller.history.list();
  }

  /**
   * A client of the `soap` package, with its security plug-ins, events and settings. It is loaded on first use. From then on, all calls of
   * this client go through it. It is an optional dependency, which `npm install --omit=optional` leaves out.
   *
   * @throws TypeError with the dialect `plain`.
   * @throws Error when `soap` is not installed.
   *
   * @example
   * ```ts
   * const soap = await ips.soap;
   * soap.on('request', (xml) => console.log(xml.length > 0));
   * await ips.getActiveJobs();
   * ```
   */
  get soap(): Promise<SoapClient> {
    return this.#caller.soapEngine().then((engine) => engine.client);
  }

  /**
   * Calls an operation by name, for names known only at run time.
   *
   * @throws IpsFault when the service returns a fault.
   * @throws ValidationError or WireError when the input is invalid. Nothing is sent.
   * @throws HttpError, ConnectionError or TimeoutError when there is no valid response.
   * @throws ConfigError when an option is invalid. Nothing is sent.
   * @example
   * ```ts
   * const operation = 'getActiveJobs';
   * const answer = await ips.call(operation, {});
   * console.log(Object.keys(answer)); // [ 'jobArray' ]
   * ```
   */
  call<Name extends OperationName>(
    operation: Name,
    input: ClientInput<Name>,
    options?: CallOptions,
  ): Promise<Operations[Name]['output']> {
    return this.#caller.call(operation, input, checkedCallOptions(options));
  }

  /**
   * Calls any operation, including ones that are not in the contract. The input is sent unchanged: it is not validated, and no company is
   * added. All values in the response are strings. The call is retried only if the contract marks the operation as safe to retry.
   *
   * @param content - The message element as XML with its namespace, or an object. The keys of an object become elements in the client's
   * namespace, in the same order. Arrays become `items` elements.
   * @throws IpsFault when the service returns a fault.
   * @throws HttpError, ConnectionError or TimeoutError when there is no valid response.
   * @example
   * ```ts
   * const { element, value } = await ips.callRaw('searchAssets', { companyHandle: 'c|6', sortBy: 'Name' });
   * const { totalRows } = value as { totalRows: string };
   * console.log(element, totalRows); // searchAssetsReturn 3
   * ```
   */
  callRaw(operation: string, content: string | object, options: CallOptions = {}): Promise<RawAnswer> {
    return this.#caller.callRaw(operation, content, checkedCallOptions(options));
  }

  /**
   * Calls an operation and streams the items of its response. Memory use does not grow with the size of the response.
   *
   * @param options - `path` selects the array, as in `codec.decodeItems` of `@ips-sdk/wire`.
   * @throws The errors of {@link IpsClientBase.call}, and TimeoutError when no data arrives within the time limit.
   * @example
   * ```ts
   * const answer = ips.stream<{ name: string }>('searchAssets', { includeSubfolders: true });
   * for await (const asset of answer) console.log(asset.name);
   * ```
   */
  stream<Item = unknown>(
    operation: OperationName,
    input: object,
    options: StreamOptions = {},
  ): AsyncGenerator<Item, void, undefined> {
    return streamItems<Item>(this.#caller, operation, input, checked(STREAM, options));
  }

  /**
   * Returns the XML that a call would send, including secrets. The company is looked up and the input is validated, but the operation is
   * not called.
   *
   * @example
   * ```ts
   * const xml = await ips.preview('stopJob', { jobHandle: 'j|6|Nightly|' });
   * console.log(xml.includes('<jobHandle>j|6|Nightly|</jobHandle>')); // true
   * ```
   */
  async preview<Name extends OperationName>(
    operation: Name,
    input: ClientInput<Name>,
    options: CallOptions = {},
  ): Promise<string> {
    const { exchanger } = this.#caller;
    const complete = await this.#caller.prepare(operation, input, checkedCallOptions(options));
    return exchanger.encode(operation, complete, await exchanger.credentials(), options);
  }

  /** Returns the handle of the client's company, looked up once, or `undefined` for a client without a company. */
  companyHandle(): Promise<string | undefined> {
    return this.#caller.companyHandle();
  }

  /**
   * Iterates over all items of a paged operation: `searchAssets`, `searchAssetsByMetadata`, `getJobLogDetails` or `getUsers`. Pages are
   * requested as needed.
   *
   * @example
   * ```ts
   * const pages = ips.paginate('searchAssets', { folder: 'MyCompany/Shoes/', includeSubfolders: true });
   * for await (const asset of pages) console.log(asset.name);
   * ```
   */
  paginate<Name extends keyof PagedOperations>(
    operation: Name,
    input: PagedInput<Name>,
    options?: CallOptions,
  ): AsyncGenerator<PagedOperations[Name], void, undefined> {
    return paginate(this.#caller, operation, input, checkedCallOptions(options));
  }

  /**
   * Calls an operation on any number of items in chunks, and checks that all items were processed.
   *
   * @returns The combined result of all chunks. Items that fail do not throw.
   * @throws InterruptedError with the result so far when a chunk fails after others succeeded.
   *
   * @example
   * ```ts
   * const result = await ips.batch('deleteAssets', { assetHandleArray: ['a|1', 'a|2', 'a|77'] });
   * console.log(result.complete, result.errors.map(({ reason }) => reason)); // false [ 'Invalid assetHandle' ]
   * ```
   */
  async batch<Name extends BatchOperationName>(
    operation: Name,
    input: ClientInput<Name>,
    options?: BatchOptions,
  ): Promise<BatchResult> {
    return batch(this.#caller, operation, input, checked(BATCH, options));
  }

  /**
   * Walks the folder tree from the top down. Works for any number of folders.
   *
   * @example
   * ```ts
   * for await (const { folder, depth } of ips.walkFolders()) console.log('  '.repeat(depth) + folder.path);
   * ```
   */
  walkFolders(options?: WalkOptions): AsyncGenerator<WalkedFolder, void, undefined> {
    return walkFolders(this.#caller, checked(WALK, options));
  }

  /**
   * Submits an image serving publish job. Default: an incremental publish without e-mails.
   *
   * @example
   * ```ts
   * const job = await ips.publish({ publishType: 'Full' }, { name: 'Publish everything' });
   * console.log((await job.wait()).status); // succeeded
   * ```
   */
  publish(details: Partial<ImageServingPublishJob> = {}, options?: SubmitOptions): Promise<Job> {
    const all = { publishType: 'Incremental', emailSetting: 'None', ...details } as const;
    return this.jobs.submit('imageServingPublishJob', all, options);
  }

  /**
   * Invalidates any number of URLs in the CDN cache, in requests of 1000.
   *
   * @throws CdnUrlError when a URL is invalid. Nothing is sent.
   * @throws InterruptedError with the invalidations so far when a request fails after others succeeded.
   * @example
   * ```ts
   * const done = await ips.invalidateCdn(['https://s7d1.scene7.com/is/image/MyCompany/red']);
   * console.log(done[0]?.estimatedSeconds); // 600
   * ```
   */
  async invalidateCdn(urls: Iterable<string>, options: InvalidateOptions = {}): Promise<CdnInvalidation[]> {
    return invalidateCdn(this.#caller, urls, checked(INVALIDATE, options));
  }

  /** Closes idle connections. The client remains usable. */
  close(): Promise<void> {
    return this.#caller.exchanger.transport.close();
  }
}
