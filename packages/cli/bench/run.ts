// Whole processes of commands, next to a Node.js that does nothing, and one that only sends the same requests.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare } from '../../../scripts/bench/compare.ts';
import { runNode } from '../../../scripts/bench/processes.ts';
import { recordRequests } from './record-requests.ts';

const BIN = fileURLToPath(new URL('../bin/ips.js', import.meta.url));
const BARE = fileURLToPath(new URL('bare-requests.cjs', import.meta.url));
const LIST = [BIN, 'job', 'list', '--quiet'];
const NOTHING = 'node -e 0';
const REQUESTS = 'node, only the requests of ips job list';
const home = mkdtempSync(join(tmpdir(), 'ips-bench-'));
const password = 'password-of-the-bench';
const env = {
  ...process.env,
  HOME: home,
  IPS_KEYCHAIN: 'off',
  IPS_PROFILE: '',
  IPS_ADMIN_PASSWORD: password,
  TZ: 'UTC',
};
const take = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
  runNode(args, { env: { ...env, ...more } });

const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const codegen = fileURLToPath(new URL('../../codegen/bin/ips-codegen.js', import.meta.url));
const programs: readonly (readonly [name: string, args: readonly string[]])[] = [
  [NOTHING, ['-e', '0']],
  ['ips --version', [BIN, '--version']],
  ['ips --help', [BIN, '--help']],
  ['ips job list --help', [BIN, 'job', 'list', '--help']],
  ['ips job list', LIST],
  ['ips asset search', [BIN, 'asset', 'search', '--quiet']],
  ...(existsSync(codegen) ? ([['ips-codegen --help', [codegen, '--help']]] as const) : []),
  ...(existsSync(tsc) ? ([['tsc --version', [tsc, '--version']]] as const) : []),
];

try {
  await take([BIN, 'server', 'start', '--quiet']);
  const { printed } = await take([BIN, 'server', 'status', '--json']);
  // Of a running server, the status contains the endpoint.
  const { endpoint, admin } = JSON.parse(printed) as { endpoint: string; admin: string };
  const requests = join(home, 'requests.json');
  await recordRequests(endpoint, requests, (url) =>
    take(LIST, { IPS_ENDPOINT: url, IPS_USER: admin, IPS_PASSWORD: password }),
  );
  await compare({
    id: 'cli-processes',
    title: 'Commands of ips',
    method:
      'The whole process, with the cache of compiled code that Node.js keeps; commands that call the service call a server on the same machine, which is another process.',
    unit: 'a process',
    base: NOTHING,
    peers: false,
    rounds: 15,
    contenders: [
      ...programs.map(([name, args]) => ({ name, take: () => take(args) })),
      { name: REQUESTS, take: () => take([BARE, requests]) },
    ],
    aims: ({ median }) =>
      (['cpu', 'wall'] as const).map((measure) => ({
        text: `ips job list without its requests, as a multiple of ${NOTHING}, ${measure === 'cpu' ? 'processor time' : 'wall time'}`,
        value:
          (median('ips job list', measure) - (median(REQUESTS, measure) - median(NOTHING, measure))) /
          median(NOTHING, measure),
        atMost: 1.5,
      })),
  });
} finally {
  await take([BIN, 'server', 'stop', '--quiet']).catch(() => undefined);
  rmSync(home, { recursive: true, force: true });
}
