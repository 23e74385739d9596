// The contract of 2013 by other people's judgement: every supported operation is called in it, xmllint holds each answer against the
// schema of its WSDL, and clients that were made from that WSDL read it. What is not installed is reported as skipped.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract } from '@ips-sdk/types/contract';
import { createCodec } from '@ips-sdk/wire';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { handlers } from '../src/handlers/registry.js';
import { connectOlder, inBoth } from './support/older-connection.js';
import { goOnTour } from './support/tour.js';

const WSDL = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2013-02-15.wsdl'));
const run = promisify(execFile);
const older = createCodec(of2013);
const supported = inBoth.filter((name) => handlers[name] !== undefined);

let server: IpsServer;
let folder: string;
/** The documents of the answers, in the order in which they came. */
const answers: { readonly operation: string; readonly file: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ips-older-'));
  mkdirSync(join(folder, 'bodies'));
  server = await createIpsServer({ jobClock: 'instant' });
  await goOnTour(
    server,
    connectOlder(server, (operation, body) => keep(operation, body)),
  );
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function keep(operation: string, document: string): void {
  const file = join(folder, `${answers.length}-${operation}.xml`);
  writeFileSync(file, document);
  answers.push({ operation, file });
}

function need(context: TestContext, command: string, ...args: string[]): void {
  if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0)
    context.skip(`${command} ${args.join(' ')} does not work here`);
}

/** What stands in the body of an envelope, in a file of its own. */
function bodyOf(file: string): string {
  const content = /<(\w+):Body>([\s\S]*)<\/\1:Body>/.exec(readFileSync(file, 'utf8'))?.[2];
  if (content === undefined) throw new Error(`${file} is not an envelope`);
  const body = join(folder, 'bodies', file.slice(folder.length + 1));
  writeFileSync(body, content);
  return body;
}

/** The schema of the messages, as a file. */
function schemaFile(): string {
  const text = readFileSync(WSDL, 'utf8');
  const namespaces = text.match(/xmlns:(?:types|base|xsd)="[^"]+"/g)?.join(' ');
  const schema = text
    .match(/<xsd:schema [\s\S]*?<\/xsd:schema>/g)
    ?.find((one) => one.includes(`targetNamespace="${of2013.messageNamespace}"`));
  if (schema === undefined) throw new Error('the WSDL has no schema of the messages');
  const file = join(folder, 'schema.xsd');
  writeFileSync(file, schema.replace('<xsd:schema ', `<xsd:schema ${namespaces} `));
  return file;
}

/** Every text in a value, however deep. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** An answer with a field that 2013 lacks, in its namespace: what must not happen. */
function wrongAnswer(): { readonly operation: string; readonly file: string } {
  const file = join(folder, 'wrong.xml');
  const right = older.encodeResponse('getCompanyInfo', {
    companyInfo: { companyHandle: 'c|6', name: 'n', rootPath: 'n/' },
  });
  writeFileSync(file, right.replace('<rootPath>', '<imsOrgId>org</imsOrgId><rootPath>'));
  return { operation: 'getCompanyInfo', file };
}

describe('answers in the contract of 2013', () => {
  it.each(supported)('of %s are among them', (operation) => {
    expect(answers.some((answer) => answer.operation === operation)).toBe(true);
  });

  it('are valid by the schema of its WSDL: xmllint', (context) => {
    need(context, 'xmllint', '--version');
    const schema = schemaFile();
    const lint = (files: readonly string[]) =>
      spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...files], { encoding: 'utf8' });
    const { status, stderr } = lint(answers.map(({ file }) => bodyOf(file)));
    const wrong = stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' validates'));
    expect({ status, wrong }).toEqual({ status: 0, wrong: [] });
    expect(stderr.match(/ validates$/gm)).toHaveLength(answers.length);
    expect(lint([bodyOf(wrongAnswer().file)]).status).not.toBe(0);
  });

  it.for([
    ["PHP's SoapClient", 'php', ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);'], 'read-answers.php'],
    ['zeep', '/usr/bin/python3', ['-c', 'import zeep'], 'read-answers.py'],
  ] as const)('are read by %s', { timeout: 120_000 }, ([_name, command, probe, script], context) => {
    need(context, command, ...probe);
    const list = join(folder, 'answers.json');
    const all = command === '/usr/bin/python3' ? [...answers, wrongAnswer()] : answers;
    writeFileSync(list, JSON.stringify(all.map(({ operation, file }) => [operation, file])));
    const path = fileURLToPath(new URL(`peers/${script}`, import.meta.url));
    const { stdout, stderr } = spawnSync(command, [path, WSDL, list], {
      encoding: 'utf8',
      maxBuffer: 256 * 2 ** 20,
    });
    expect(stderr).toBe('');
    const read = JSON.parse(stdout) as { operation: string; value?: unknown; error?: string }[];
    expect(read).toHaveLength(all.length);
    // zeep refuses elements that a WSDL lacks; PHP passes over them.
    if (command === '/usr/bin/python3') expect(read.pop()?.error).toContain('imsOrgId');
    expect(read.filter(({ error }) => error !== undefined)).toEqual([]);
    for (const [i, { operation, value }] of read.entries()) {
      const texts = new Set(textsOf(value));
      const xml = readFileSync(answers[i]?.file ?? '', 'utf8');
      const written = [...xml.matchAll(/<\w*[hH]andle>([^<&]+)</g)].map(([, handle = '']) => handle);
      expect({ operation, lost: written.filter((handle) => !texts.has(handle)) }).toEqual({
        operation,
        lost: [],
      });
    }
  });
});

// The WSDL of 2013 has no message of the servlet, so clients that are made from it cannot upload: people send what curl sends.
describe('an upload in the namespace of 2013', () => {
  const XSD = 'http://www.scene7.com/IpsApi/xsd';

  async function upload(context: TestContext, params: string): Promise<string> {
    need(context, 'curl', '--version');
    need(context, 'xmllint', '--version');
    const { email, password } = server.admin;
    const auth =
      `<authHeader xmlns="${XSD}"><user>${email}</user><password>${password}</password>` +
      '<appName>curl</appName><appVersion>1</appVersion></authHeader>';
    const form = [`auth=${auth}`, `uploadParams=${params}`].flatMap((field) => ['--form-string', field]);
    const file = join(folder, 'upload.svg');
    writeFileSync(file, '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
    const sent = [
      '--silent',
      '--show-error',
      ...form,
      '--form',
      `file=@${file}`,
      `${server.url}/scene7/UploadFile`,
    ];
    const answer = join(folder, 'upload-answer.xml');
    // The server is in this process, which must not stand still meanwhile.
    const { stdout, stderr } = await run('curl', ['--output', answer, ...sent], { timeout: 30_000 });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    return answer;
  }

  function read(file: string, xpath: string): string {
    const { stdout, stderr } = spawnSync('xmllint', ['--nonet', '--xpath', xpath, file], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout.trim();
  }

  const paramsWith = (more: string): string =>
    `<uploadPostParam xmlns="${XSD}/2013-02-15"><companyHandle>c|6</companyHandle><jobName>Old upload</jobName>` +
    '<destFolder>SampleCompany/</destFolder><uploadParams><overwrite>true</overwrite>' +
    '<readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting>' +
    `${more}</uploadParams></uploadPostParam>`;

  it('is answered in it: curl and xmllint', async (context) => {
    const answer = await upload(context, paramsWith(''));
    expect(read(answer, 'namespace-uri(/*)')).toBe(`${XSD}/2013-02-15`);
    expect(read(answer, 'local-name(/*)')).toBe('uploadPostReturn');
    expect(read(answer, "string(/*/*[local-name()='jobHandle'])")).toMatch(/^j\|6\|.*Old upload/);
    expect(read(answer, 'count(/*/*)')).toBe('1');
  });

  it('is refused with the fault of that namespace: curl and xmllint', async (context) => {
    const answer = await upload(context, paramsWith('').replace('c|6', 'c|999'));
    expect(read(answer, "string(//*[local-name()='code'])")).toMatch(/^\d{5}$/);
    expect(read(answer, "count(//*[local-name()='jobHandle'])")).toBe('0');
  });
});

describe('operations that 2013 lacks', () => {
  it('are those that the default contract added', () => {
    const added = Object.keys(contract.operations).filter((name) => !Object.hasOwn(of2013.operations, name));
    expect(added.sort()).toEqual(['deleteAssetMetadata', 'getCdnCacheInvalidationStatus', 'uploadPost']);
  });
});
