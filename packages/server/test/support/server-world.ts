// The server's side of facts: servers that live as long as the tests, and what is done with them.
import type { ServerResponse } from 'node:http';
import type { Operations } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';
import type { ExpectStatic } from 'vitest';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import type { IpsServerOptions } from '../../src/server-options.js';
import type { ServerWorld } from '../facts/fact.js';
import { connect, post } from './call.js';
import { pdfOf } from './documents.js';
import { type FileServer, serveFiles } from './file-server.js';
import { runJob } from './jobs.js';
import { TEST_COST } from './password-hash.js';
import { BLUE, plain, RED } from './pictures.js';

const companyHandle = 'c|6';
/** West of UTC, so that what depends on the zone shows. */
const ZONE = 'America/New_York';

/** Opens servers for facts, one for each set of options, and ends them. */
export class ServerWorlds {
  readonly #expect: ExpectStatic;
  readonly #servers = new Map<string, Promise<IpsServer>>();
  readonly #hanging: ServerResponse[] = [];
  #files: FileServer | undefined;

  constructor(expect: ExpectStatic) {
    this.#expect = expect;
  }

  async open(): Promise<void> {
    this.#files = await serveFiles({
      '/red.png': await plain(20, 10, RED).png().toBuffer(),
      '/blue.png': await plain(30, 10, BLUE).png().toBuffer(),
      '/page.pdf': pdfOf([1, 0, 0]),
      '/slow.png': (_request, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write(Buffer.alloc(10));
        this.#hanging.push(response);
      },
    });
  }

  async close(): Promise<void> {
    this.letGo();
    await this.#files?.close();
    for (const server of this.#servers.values()) await (await server).stop();
  }

  async world(options: IpsServerOptions = {}): Promise<ServerWorld> {
    const files = this.#files;
    if (files === undefined) throw new Error('the files are not open');
    const server = await this.#server(options);
    const connection = connect(server);
    const upload: ServerWorld['upload'] = (paths, more) => ({
      uploadUrlsJob: {
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
        urlArray: paths.map((path) => ({ sourceUrl: `${files.url}${path}`, destPath: 'SampleCompany/' })),
        ...more,
      },
    });
    const run: ServerWorld['run'] = (job) => runJob(connection, companyHandle, job);
    return {
      expect: this.#expect,
      server,
      connection,
      companyHandle,
      files,
      letGo: () => this.letGo(),
      text: async (operation, input) => (await post(server.url, xmlOf(server, operation, input))).body,
      fault: (operation, input) => connection.fault(operation, input),
      upload,
      asset: async (name) => {
        const urlArray = [{ sourceUrl: `${files.url}/red.png`, destPath: `SampleCompany/${name}.png` }];
        const log = await run({ jobName: `Upload of ${name}`, ...upload([], { urlArray }) });
        const handle = log.detailArray?.find(({ assetName }) => assetName === name)?.assetHandle;
        if (handle === undefined) throw new Error(`no asset ${name} came of the upload`);
        return handle;
      },
      run,
      on: (other) => this.world(other),
    };
  }

  #server(options: IpsServerOptions): Promise<IpsServer> {
    const key = JSON.stringify(options);
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const server = createIpsServer({
      allowPrivateAddresses: true,
      passwordCost: TEST_COST,
      timeZone: ZONE,
      ...options,
    });
    this.#servers.set(key, server);
    return server;
  }

  /** Ends the downloads that hang. */
  letGo(): void {
    for (const response of this.#hanging.splice(0)) response.destroy();
  }
}

function xmlOf<Name extends keyof Operations>(
  { admin }: IpsServer,
  operation: Name,
  input: Operations[Name]['input'],
): string {
  const header = { user: admin.email, password: admin.password, appName: 'facts', appVersion: '1' };
  return codec.encodeRequest(operation, input, { header });
}
