// Clients that other people wrote run a whole workflow against a server process, from the WSDL that it publishes. What is not
// installed is reported as skipped.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as soap from 'soap';
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { isFull } from '../../../scripts/testing/cases.js';
import { workflow } from './peers/workflow.mjs';
import { type FileServer, serveFiles } from './support/file-server.js';
import { plain, RED } from './support/pictures.js';
import { ADMIN, type ServerProcess, startServer } from './support/server-process.js';

const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const dataDir = mkdtempSync(join(tmpdir(), 'ips-peers-'));
const script = (name: string) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));
const run = promisify(execFile);

let server: ServerProcess;
let files: FileServer;

beforeAll(async () => {
  server = await startServer(['--data', dataDir, '--allow-private', '--admin-api']);
  files = await serveFiles({
    '/red.png?a=1&b=2': await plain(20, 10, RED).png().toBuffer(),
    '/endless.png': (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('x');
    },
  });
});
afterAll(async () => {
  await files.close();
  await server.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await fetch(`${server.url}/admin/reset`, { method: 'POST' });
});

const wsdl = () => `${server.url}/scene7/webservice/IpsApi-2014-04-03.wsdl`;

const given = (more: object = {}) => ({
  user: ADMIN.email,
  password: ADMIN.password,
  folder: 'SampleCompany/Shoes/',
  urls: {
    // An ampersand has to survive the way.
    image: `${files.url}/red.png?a=1&b=2`,
    endless: `${files.url}/endless.png`,
    delivery: `${server.url}/is/image/SampleCompany`,
  },
  ...more,
});

const EXPECTED = {
  company: 'Sample Company',
  success: 1,
  assets: ['red'],
  image: '200 PNG',
  stopped: true,
  fatal: false,
  fault: '30001',
};

/** Skips the test, saying why, when a command is not on this machine. */
function need(context: TestContext, command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  if (status !== 0) context.skip(`${command} ${args.join(' ')} does not work here`);
}

/** The operations that the workflow calls. */
const WORKFLOW: ReadonlySet<string> = new Set([
  'getCompanyInfo',
  'createFolder',
  'submitJob',
  'getActiveJobs',
  'getJobLogDetails',
  'searchAssets',
  'stopJob',
  'deleteAsset',
  'deleteJob',
]);

/** A WSDL without the other operations: their messages and elements go with them. */
function cutTo(operations: ReadonlySet<string>, document: string): string {
  const cut = (pattern: RegExp, text: string) =>
    text.replaceAll(pattern, (whole: string, ...groups: unknown[]) =>
      operations.has((groups.at(-1) as { name: string }).name) ? whole : '',
    );
  return [
    /<wsdl:operation name="(?<name>\w+)">.*?<\/wsdl:operation>/gs,
    /<wsdl:message name="(?<name>\w+)(?:Input|Output)">.*?<\/wsdl:message>/gs,
    /^( *)<xsd:element name="(?<name>\w+)(?:Param|Return)">.*?^\1<\/xsd:element>/gms,
  ].reduce((text, pattern) => cut(pattern, text), document);
}

describe('the whole workflow', () => {
  it('with the SoapClient of PHP', async (context) => {
    need(context, 'php', '-r', 'exit(class_exists("SoapClient") ? 0 : 1);');
    const { stdout } = await run('php', [script('workflow.php'), wsdl(), JSON.stringify(given())]);
    expect(JSON.parse(stdout)).toEqual(EXPECTED);
  });

  it.for([
    { soap12: false, version: '1.1' },
    { soap12: true, version: '1.2' },
  ])('with zeep over SOAP $version', async ({ soap12 }, context) => {
    need(context, '/usr/bin/python3', '-c', 'import zeep');
    const { stdout } = await run('/usr/bin/python3', [
      script('workflow.py'),
      wsdl(),
      JSON.stringify(given({ soap12 })),
    ]);
    expect(JSON.parse(stdout)).toEqual(EXPECTED);
  });

  // Compiling takes longer than all the others do.
  it.runIf(isFull)(
    'with gSOAP, in C++',
    async (context) => {
      need(context, 'wsdl2h', '-V');
      need(context, 'soapcpp2', '-V');
      need(context, 'g++', '--version');
      need(context, 'g++', '-fsyntax-only', '-x', 'c++', '-include', 'stdsoap2.h', '/dev/null');
      const build = mkdtempSync(join(tmpdir(), 'ips-gsoap-'));
      try {
        // All operations make seven megabytes of C++, which take minutes; those of the workflow make a fifth of it.
        writeFileSync(join(build, 'ips.wsdl'), cutTo(WORKFLOW, await (await fetch(wsdl())).text()));
        await run('wsdl2h', ['-O4', '-o', 'ips.h', 'ips.wsdl'], { cwd: build });
        await run('soapcpp2', ['-C', '-L', '-w', '-x', '-j', '-I/usr/share/gsoap/import', 'ips.h'], {
          cwd: build,
        });
        const sources = ['soapC.cpp', 'soapIpsApiServiceSoapBindingProxy.cpp', script('workflow.cpp')];
        const options = ['-O0', '-std=c++11', '-I.', '-o', 'workflow', ...sources, '-lgsoap++'];
        await run('g++', options, { cwd: build });
        const { user, password, folder, urls } = given();
        const endpoint = `${server.url}/scene7/services/IpsApiService`;
        const { stdout } = await run(join(build, 'workflow'), [
          endpoint,
          user,
          password,
          folder,
          urls.image,
          urls.endless,
          urls.delivery,
        ]);
        expect(JSON.parse(stdout)).toEqual(EXPECTED);
      } finally {
        rmSync(build, { recursive: true });
      }
    },
    900_000,
  );

  it('with soap', async () => {
    const client = await soap.createClientAsync(wsdl());
    client.addSoapHeader(
      { authHeader: { user: ADMIN.email, password: ADMIN.password, appName: 'soap', appVersion: '1' } },
      '',
      'h',
      NAMESPACE,
    );
    const call = async (operation: string, input: object) => {
      const method = (client as unknown as Record<string, (input: object) => Promise<unknown[]>>)[
        `${operation}Async`
      ];
      return ((await method?.call(client, input)) ?? [])[0];
    };
    expect(await workflow(call, given())).toEqual(EXPECTED);
  });

  it('with strong-soap', async () => {
    type Callback = (error: unknown, answer: unknown) => void;
    type Client = { addSoapHeader(xml: string): void } & Record<
      string,
      (input: object, callback: Callback) => void
    >;
    const strong = createRequire(import.meta.url)('strong-soap') as {
      soap: {
        createClient(url: string, options: object, callback: (error: unknown, client: Client) => void): void;
      };
    };
    const client = await new Promise<Client>((resolve, reject) =>
      strong.soap.createClient(wsdl(), {}, (error, made) => (error ? reject(error) : resolve(made))),
    );
    client.addSoapHeader(
      `<h:authHeader xmlns:h="${NAMESPACE}"><h:user>${ADMIN.email}</h:user><h:password>${ADMIN.password}</h:password><h:appName>strong</h:appName><h:appVersion>1</h:appVersion></h:authHeader>`,
    );
    const call = (operation: string, input: object) =>
      new Promise((resolve, reject) =>
        client[operation]?.({ [`${operation}Param`]: input }, (error, answer) =>
          error
            ? reject(error)
            : // An answer without content comes as nothing.
              resolve((answer as Record<string, unknown> | undefined)?.[`${operation}Return`] ?? answer),
        ),
      );
    expect(await workflow(call, given())).toEqual(EXPECTED);
  });
});
