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
import type { Job } from './jobs/job.js';
import type { SubmitOptions } from './jobs/job-options.js';
import { Jobs } from './jobs/jobs.js';
import type { BatchOptions, StreamOptions, WalkOptions } from './list-options.js';
import { checked } from './option-checks.js';
import type { CallOptions, IpsClientOptions, RawAnswer } from './options.js';
import { type PagedInput, type PagedOperations, paginate } from './paginate.js';
import { SmartCrops } from './smart-crops.js';
import type { SoapClient } from './soap-client.js';
import { streamItems } from './stream-items.js';
import { TransferMethods } from './transfer-methods.js';

/** What a client has besides the operations. */
export class IpsClientBase extends TransferMethods {
  /** Jobs as objects: submit, find, watch. */
  readonly jobs: Jobs;
  /** Smart crops of images, for clients whose contract has them. */
  readonly smartCrops: SmartCrops;
  /** The content delivery network: URLs of assets, folders and publishes, and their invalidation. */
  readonly cdn: Cdn;
  readonly #caller: Caller;

  /** Made by {@link createIpsClient}. */
  constructor(options: IpsClientOptions) {
    const caller = new Caller(options);
    const jobs = new Jobs(caller);
    super(caller, jobs);
    this.#caller = caller;
    this.jobs = jobs;
    this.smartCrops = new SmartCrops(this.#caller);
    this.cdn = new Cdn(this.#caller, this.jobs);
  }

  /** The URLs that the client talks to. */
  get endpoints(): Endpoints {
    return this.#caller.endpoints;
  }

  /**
   * The last exchanges, with secrets removed.
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
   * The client of the `soap` package, with its security plug-ins, events and settings. It is loaded on first use;
   * from then on every call of this client goes through it.
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
   * Calls an operation by its name, for names that are known only at run time.
   *
   * @throws IpsFault when the service answers a fault.
   * @throws ValidationError or WireError when the input cannot be sent; nothing is sent then.
   * @throws HttpError, ConnectionError or TimeoutError when the service did not answer.
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
   * Calls an operation that the client's contract need not have. The input is sent as it is: nothing is validated and no company is
   * added. Every value of the answer is text. The call is repeated only if the contract says that the operation may be.
   *
   * @param content - The element of the message as XML, with its namespace; or an object, which is written into the client's
   * namespace in the order of its keys, arrays as `items`.
   * @throws IpsFault when the service answers a fault.
   * @throws HttpError, ConnectionError or TimeoutError when the service did not answer.
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
   * Calls an operation and reads its answer item by item, in memory that does not grow with it.
   *
   * @param options - `path` names the array, as in `codec.decodeItems` of `@ips-sdk/wire`.
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
   * The XML that a call would send, with the company looked up and everything validated. It includes secrets. The operation is not called.
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

  /** The handle of the client's company, looked up once; `undefined` for a client without a company. */
  companyHandle(): Promise<string | undefined> {
    return this.#caller.companyHandle();
  }

  /**
   * All items of an operation that answers page by page: `searchAssets`, `searchAssetsByMetadata`, `getJobLogDetails`, `getUsers`.
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
   * Calls an operation on many items, in chunks, and compares the counts with the request.
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
   * Walks any number of folders from the top down.
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
   * Submits an image serving publish: `Incremental` and without mails by default.
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
   * Makes the content delivery network drop its copies of any number of URLs.
   *
   * @throws CdnUrlError when a URL cannot be invalidated; nothing is sent then.
   * @example
   * ```ts
   * const done = await ips.invalidateCdn(['https://s7d1.scene7.com/is/image/MyCompany/red']);
   * console.log(done[0]?.estimatedSeconds); // 600
   * ```
   */
  async invalidateCdn(urls: Iterable<string>, options: InvalidateOptions = {}): Promise<CdnInvalidation[]> {
    return invalidateCdn(this.#caller, urls, checked(INVALIDATE, options));
  }

  /** Closes the connections that are kept open for further calls. */
  close(): Promise<void> {
    return this.#caller.exchanger.transport.close();
  }
}
