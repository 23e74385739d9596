// Attacks passwords while an upload job runs, and counts whose work suffers. Needs `npm run build`.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIpsClient } from '@ips-sdk/client';
import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import { codec } from '@ips-sdk/wire';
import sharp from 'sharp';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';

const WRONG_LOGINS = 200;
const RIGHT = { email: 'ann@example.com', password: 'Sunny-Day-42' };

const NEWCOMER = {
  firstName: 'New',
  lastName: 'User',
  password: RIGHT.password,
  isValid: true,
  isIpsAdmin: false,
  membershipArray: [{ companyHandle: 'c|6', role: 'IpsUser', isActive: true }],
};

export const name = 'logins';

/** 200 wrong logins at once during an upload, first from other addresses and then from the right user's own. */
export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const files = await serveImages(short ? 20 : 100);
  const server = await createIpsServer({ allowPrivateAddresses: true });
  const score = new Score(log);
  try {
    await server.seed({
      users: [{ ...RIGHT, memberships: [{ company: server.company, role: 'IpsCompanyAdmin' }] }],
    });
    // Linux has all of 127.0.0.0/8; elsewhere, all callers have one address.
    const elsewhere = process.platform === 'linux' ? '127.0.0.2' : undefined;
    const own = (): string => RIGHT.email;
    for (const [attack, address, userOf] of [
      ['from another address', elsewhere, own],
      ['from the address of the right user', undefined, own],
      ['of as many users', elsewhere, (number: number) => `user-${number}@example.com`],
    ] as const) {
      log(`${WRONG_LOGINS} wrong logins at once ${attack}`);
      await attackDuringUpload(server, { attack, files, address, userOf, score, log });
    }
    await compareTimes(server, short ? 12 : 40, log);
    return score.result;
  } finally {
    await server.stop();
    files.server.close();
  }
}

/** Counts what ended as it had to. */
class Score {
  #tried = 0;
  #survived = 0;
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  get result(): ScenarioResult {
    return { tried: this.#tried, survived: this.#survived, lost: this.#tried - this.#survived };
  }

  add(what: string, isRight: boolean): void {
    this.#tried += 1;
    if (isRight) this.#survived += 1;
    else this.#log(`lost: ${what}`);
  }
}

async function attackDuringUpload(
  server: IpsServer,
  {
    attack,
    files,
    address,
    userOf,
    score,
    log,
  }: {
    readonly attack: string;
    readonly files: Images;
    readonly address: string | undefined;
    readonly userOf: (number: number) => string;
    readonly score: Score;
    readonly log: (line: string) => void;
  },
): Promise<void> {
  const ips = createIpsClient({
    endpoint: server.endpoints.soap,
    auth: { user: RIGHT.email, password: RIGHT.password },
    company: server.company,
    // What has to be tried again counts as lost.
    retry: { retries: 0 },
  });
  try {
    const began = performance.now();
    const urlArray = files.urls.map((sourceUrl, index) => ({
      sourceUrl,
      destPath: `SampleCompany/${index}.png`,
    }));
    const details = {
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      urlArray,
    } as const;
    const job = await ips.jobs.submit('uploadUrlsJob', details, { name: `Upload ${attack}` });
    const wrong = Promise.all(
      Array.from({ length: WRONG_LOGINS }, (_, number) =>
        login(server, { email: userOf(number), password: `wrong-${number}`, address }),
      ),
    );
    if (address !== undefined) {
      // Somebody whom the server does not remember: waits for a turn, but not behind all of the others.
      const email = `${attack.replaceAll(' ', '-')}@example.com`;
      await ips.addUser({ ...NEWCOMER, email });
      const { status } = await login(server, { email, password: RIGHT.password, address: undefined });
      score.add(`the first login of a new user: ${status}`, status === 200);
    }
    let isOver = false;
    const ended = job.wait().finally(() => {
      isOver = true;
    });
    const times: number[] = [];
    do {
      const start = performance.now();
      const answer = await ips.getUserInfo({}).catch((error: unknown) => error);
      times.push(performance.now() - start);
      score.add(`a call of the right user: ${String(answer)}`, !(answer instanceof Error));
    } while (!isOver);
    const verdict = await ended;
    log(
      `the upload of ${files.urls.length} files took ${Math.round(performance.now() - began)} ms; ` +
        `the right user's ${times.length} calls ${Math.round(median(times))} ms, at most ${Math.round(Math.max(...times))} ms`,
    );
    score.add(`the upload: ${verdict.status}`, verdict.status === 'succeeded');
    const statuses = new Map<string, number>();
    for (const { status, code } of await wrong) {
      const outcome = `${status}/${code}`;
      statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
      score.add(`a wrong login: ${outcome}`, ['500/10001', '429/30000', '503/30000'].includes(outcome));
    }
    log(
      `answers to wrong logins: ${[...statuses].map(([outcome, count]) => `${count} × ${outcome}`).join(', ')}`,
    );
  } finally {
    await ips.close();
  }
}

/** Prints how long a wrong login takes for users who exist and for others. */
async function compareTimes(server: IpsServer, rounds: number, log: (line: string) => void): Promise<void> {
  const users = Array.from({ length: rounds }, (_, number) => `known-${number}@example.com`);
  await server.seed({ users: users.map((email) => ({ email, password: RIGHT.password })) });
  const times = { known: [] as number[], unknown: [] as number[] };
  for (const [round, email] of users.entries()) {
    // In turn, and each first as often as the other, so that what else the machine does affects both.
    const kinds = ['known', 'unknown'] as const;
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const start = performance.now();
      await login(server, {
        email: kind === 'known' ? email : `un${email}`,
        password: 'wrong',
        address: undefined,
      });
      times[kind].push(performance.now() - start);
    }
  }
  const deviation = (values: readonly number[]) => {
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    return Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length);
  };
  for (const [kind, values] of Object.entries(times))
    log(
      `${kind} users: median ${median(values).toFixed(1)} ms, standard deviation ${deviation(values).toFixed(1)} ms`,
    );
}

interface Login {
  readonly email: string;
  readonly password: string;
  /** The address to call from. */
  readonly address: string | undefined;
}

/** Calls with credentials, and returns the status and the code of the fault; 0 without one. */
async function login(
  server: IpsServer,
  { email, password, address }: Login,
): Promise<{ readonly status: number | undefined; readonly code: number }> {
  const header = { user: email, password, appName: 'torture', appVersion: '1' };
  const call = request(server.endpoints.soap, {
    method: 'POST',
    agent: false,
    localAddress: address,
    headers: { 'content-type': 'text/xml; charset=UTF-8' },
  });
  call.end(codec.encodeRequest('getUserInfo', {}, { header }));
  const [response] = (await once(call, 'response')) as [import('node:http').IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode, code: Number(/<code>(\d+)</.exec(body)?.[1] ?? 0) };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

interface Images {
  readonly urls: readonly string[];
  readonly server: Server;
}

/** Serves images of noise, which take time to read. */
async function serveImages(count: number): Promise<Images> {
  const image = await sharp({
    create: {
      width: 1200,
      height: 800,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  })
    .png()
    .toBuffer();
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'image/png' }).end(image),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    server,
    urls: Array.from({ length: count }, (_, index) => `http://127.0.0.1:${port}/${index}.png`),
  };
}

await runAlone(import.meta.url, name, run);
