import type { Operations } from '@ips-sdk/types';
import type { TypedContract } from '@ips-sdk/types/contract';
import type { OperationTypes } from '@ips-sdk/wire';
import { type HttpHandler, HttpResponse, http } from 'msw';
import { CLIENT } from '../check-options.js';
import { resolveEndpoints } from '../endpoints.js';
import { type Checks, checked, httpUrl, name, stubs } from '../option-checks.js';
import { codecOf, type MockRequest, MockService, operationsOf } from './mock-service.js';
import type { MockOperations } from './mock-types.js';
import { Stubs } from './stubs.js';

/** Options of {@link ipsHandlers}. */
export interface IpsHandlerOptions<Types extends OperationTypes<Types> = Operations> {
  /** URL of the SOAP service. Default: the paths of the service on any host. */
  readonly endpoint?: string | undefined;
  /** URL of the UploadFile servlet. Default: its path on the host of `endpoint`, or on any host. */
  readonly uploadEndpoint?: string | undefined;
  /** Another version of the contract. Default: 2014-04-03. */
  readonly contract?: TypedContract<Types> | undefined;
}

const OPTIONS: Checks<IpsHandlerOptions> = {
  endpoint: name,
  uploadEndpoint: httpUrl,
  contract: CLIENT.contract,
};

/** The paths of the service on any host, as patterns of MSW. */
const ANYWHERE = {
  soap: '*/scene7/services/IpsApiService',
  plain: '*/scene7/api/IpsApiService',
  upload: '*/scene7/UploadFile',
} as const;

/**
 * Creates handlers for MSW that answer SOAP 1.1, SOAP 1.2, plain XML and uploads of any program by stubs. Requests and outputs are checked
 * by the contract. For a request that is invalid, or whose operation has no stub, they return a fault with the reason.
 *
 * @param operations - Stubs of operations, by name.
 * @throws RangeError when a stub's name is not an operation of the contract.
 * @throws ConfigError when the stubs are missing, or an option is unknown or invalid.
 * @example
 * ```ts
 * import { createIpsClient } from '@ips-sdk/client';
 * import { ipsHandlers } from '@ips-sdk/client/msw';
 * import { setupServer } from 'msw/node';
 *
 * const server = setupServer(
 *   ...ipsHandlers({ createFolder: ({ folderPath }) => ({ folderHandle: `f|${folderPath}` }) }),
 * );
 * server.listen({ onUnhandledRequest: 'error' });
 * const ips = createIpsClient({ region: 'na', auth: { accessToken: 'any' }, companyHandle: 'c|1' });
 * console.log((await ips.createFolder({ folderPath: 'MyCompany/Shoes/' })).folderHandle); // f|MyCompany/Shoes/
 * await ips.getUsers({}).catch((error) => console.log(error.reason)); // getUsers was called, but has no stub; stubbed: createFolder
 * server.close();
 * ```
 */
export function ipsHandlers<Types extends OperationTypes<Types> = Operations>(
  operations: MockOperations<NoInfer<Types>>,
  options?: IpsHandlerOptions<Types>,
): HttpHandler[];
// One signature for both: compilers name the wrong operation only where there are no other overloads to try.
export function ipsHandlers(operations: MockOperations, options: IpsHandlerOptions = {}): HttpHandler[] {
  stubs(operations, 'operations');
  checked<object>(OPTIONS, options);
  const { endpoint, uploadEndpoint, contract } = options;
  const codec = codecOf<Operations>(contract);
  const service = new MockService(codec, new Stubs<Operations>(operationsOf(codec), operations));
  const places =
    endpoint === undefined
      ? { ...ANYWHERE, ...(uploadEndpoint === undefined ? {} : { upload: uploadEndpoint }) }
      : resolveEndpoints({ endpoint, uploadEndpoint });
  return (['soap', 'plain', 'upload'] as const).map((kind) =>
    http.post(places[kind], ({ request }) => answer(service, kind, request)),
  );
}

async function answer(
  service: MockService<Operations>,
  kind: MockRequest['service'],
  request: Request,
): Promise<HttpResponse<string>> {
  const contentType = request.headers.get('content-type') ?? undefined;
  const body = new Uint8Array(await request.arrayBuffer());
  const { status, headers, text } = await service.respond({ service: kind, contentType, body });
  return new HttpResponse(text, { status, headers: { ...headers } });
}
