// Which password the administrator has, and what a start changes about an account that exists: nothing, unless it is told to.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminOf } from '../src/command/admin-options.js';
import { hiddenPrompt } from '../src/command/hidden-prompt.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { locationOf, openStore } from '../src/db/store.js';
import { Metrics } from '../src/metrics.js';
import { isLoopback } from '../src/net/loopback.js';
import { Logins } from '../src/passwords/logins.js';
import { passwordProblem } from '../src/passwords/password-rules.js';
import { Administrator, type AdministratorOptions } from '../src/seed/administrator.js';
import { seedDatabase } from '../src/seed/seed-database.js';
import type { IpsServerOptions } from '../src/server-options.js';
import { connect } from './support/call.js';
import { TEST_COST } from './support/password-hash.js';

const email = 'admin@example.com';
const ann = 'ann@example.com';
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-admin-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Starts a server on the directory, does something with it, and stops it. */
async function withServer<Result>(
  options: IpsServerOptions,
  work: (server: IpsServer) => Promise<Result>,
): Promise<Result> {
  const server = await createIpsServer({ dataDir, jobClock: 'manual', passwordCost: TEST_COST, ...options });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** The administrator of a server, and the code of the fault that a login with the password answers; 0 without a fault. */
const described =
  (password: string, user = email) =>
  async (server: IpsServer) => {
    const code = await connect(server, { email: user, password })
      .call('getUserInfo', {})
      .then(
        () => 0,
        (error: { code: number }) => error.code,
      );
    return [server.admin.password, server.adminPasswordSource, code];
  };

describe('of two servers that start on one empty database', () => {
  it('only that counts and is shown which was stored first', async () => {
    const { db, close } = await openStore(locationOf({}));
    const metrics = new Metrics();
    const start = async (options: AdministratorOptions) => {
      const logins = new Logins({ metrics, cost: TEST_COST });
      const admin = new Administrator(logins, options);
      // Both find the database empty.
      const passwordHash = await admin.hashFor(db);
      const fill = async (): Promise<string> => {
        const seed = { company: 'A', admin: { email, passwordHash }, now: new Date() };
        await admin.stored(await seedDatabase(db, seed));
        await admin.checked();
        return admin.passwordSource;
      };
      return { admin, fill, close: () => logins.close() };
    };
    const servers = [
      await start({ host: '0.0.0.0' }),
      await start({ host: '0.0.0.0' }),
      await start({ admin: { email, password: 'a given password' } }),
    ];
    const sources: string[] = [];
    for (const { fill } of servers) sources.push(await fill());
    expect(sources).toEqual(['generated', 'stored', 'stored']);
    expect(servers.map(({ admin }) => admin.account.password.length > 0)).toEqual([true, false, false]);
    await Promise.all([...servers.map((server) => server.close()), close()]);
  });
});

describe('without a password', () => {
  it('the administrator gets the documented one on a loopback address, and keeps it', async () => {
    const expected = ['admin-password', 'default', 0];
    expect(await withServer({}, described('admin-password'))).toEqual(expected);
    expect(await withServer({}, described('admin-password'))).toEqual(expected);
    // Still known to everyone, wherever the server listens now.
    expect(await withServer({ host: '0.0.0.0' }, described('admin-password'))).toEqual(expected);
  });

  it.each([{ host: '0.0.0.0' }, { publicUrl: 'https://ips.example.com' }])(
    'the administrator gets a random one with %j',
    async (options) => {
      const password = await withServer(options, async (server) => {
        expect(await described(server.admin.password)(server)).toEqual([
          server.admin.password,
          'generated',
          0,
        ]);
        const { password: made } = server.admin;
        // A reset starts over, but those who read the password have to get in.
        await server.reset();
        expect(await described(made)(server)).toEqual([made, 'generated', 0]);
        return made;
      });
      expect(passwordProblem(password)).toBeUndefined();
      expect(await withServer(options, described('admin-password'))).toEqual(['', 'stored', 10001]);
      expect(await withServer({}, described(password))).toEqual(['', 'stored', 0]);
    },
  );

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['LocalHost', true],
    ['ips.localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example.com', false],
    ['localhost.example.com', false],
    ['127.1', false],
    ['', false],
  ])('%s is a loopback address: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('a start', () => {
  const given = (password: string) => ({ admin: { email: ann, password } });

  it('does not change the password of an administrator who exists', async () => {
    expect(await withServer(given('First-1'), described('First-1', ann))).toEqual(['First-1', 'given', 0]);
    expect(await withServer(given('Second-2'), described('Second-2', ann))).toEqual(['', 'stored', 10001]);
    expect(await withServer(given('First-1'), described('First-1', ann))).toEqual(['First-1', 'given', 0]);
  });

  it('does not enable an administrator who was disabled, nor return rights that were taken away', async () => {
    const change = { firstName: '', lastName: '', email: ann, isIpsAdmin: false };
    await withServer(given('First-1'), async (server) => {
      await server.seed({ users: [{ email: 'bob@example.com', password: 'Other-1', isIpsAdmin: true }] });
      const bob = connect(server, { email: 'bob@example.com', password: 'Other-1' });
      const { userHandle } = (await bob.call('getUserInfo', { email: ann })).userInfo;
      await bob.call('removeCompanyMembership', { userHandle, companyHandleArray: ['c|6'] });
      await bob.call('setUserInfo', { ...change, userHandle, isValid: false });
    });
    expect(await withServer(given('First-1'), described('First-1', ann))).toEqual([
      'First-1',
      'given',
      10002,
    ]);
    await withServer(given('First-1'), async (server) => {
      const bob = connect(server, { email: 'bob@example.com', password: 'Other-1' });
      const { userInfo } = await bob.call('getUserInfo', { email: ann });
      expect(userInfo).toMatchObject({ isValid: false, isIpsAdmin: false });
      const { membershipArray } = await bob.call('getCompanyMembership', { userHandle: userInfo.userHandle });
      expect(membershipArray).toEqual([]);
    });
    const reset = { ...given('Second-2'), resetAdmin: true };
    await withServer(reset, async (server) => {
      expect(await described('Second-2', ann)(server)).toEqual(['Second-2', 'given', 0]);
      const { userInfo } = await connect(server).call('getUserInfo', {});
      expect(userInfo).toMatchObject({ isValid: true, isIpsAdmin: true });
      const { membershipArray } = await connect(server).call('getCompanyMembership', {});
      expect(membershipArray).toMatchObject([{ role: 'IpsCompanyAdmin', isActive: true }]);
    });
  });

  it('told to reset without a password makes one up, even on a loopback address', async () => {
    await withServer({}, async () => undefined);
    const made = await withServer({ resetAdmin: true }, async (server) => {
      expect(server.adminPasswordSource).toBe('generated');
      await connect(server).call('getUserInfo', {});
      return server.admin.password;
    });
    expect(await withServer({}, described(made))).toEqual(['', 'stored', 0]);
  });

  it('makes an administrator who exists a member of a new company', async () => {
    await withServer(given('First-1'), async () => undefined);
    await withServer({ ...given('First-1'), company: 'Second Company' }, async (server) => {
      const { membershipArray } = await connect(server).call('getCompanyMembership', {});
      expect(membershipArray.map(({ company }) => company.name)).toEqual([
        'Sample Company',
        'Second Company',
      ]);
    });
  });

  it('asks for a password only when it needs one', async () => {
    let calls = 0;
    const admin = {
      email: ann,
      password: async () => {
        calls += 1;
        return 'Asked-1';
      },
    };
    expect(await withServer({ admin }, described('Asked-1', ann))).toEqual(['Asked-1', 'given', 0]);
    expect(await withServer({ admin }, described('Asked-1', ann))).toEqual(['', 'stored', 0]);
    expect(calls).toBe(1);
    await withServer({ admin, resetAdmin: true }, async () => undefined);
    expect(calls).toBe(2);
    await expect(createIpsServer({ admin: { email: ann, password: '' } })).rejects.toThrow(
      'admin.password: expected a password, found an empty string',
    );
  });
});

describe('the command line', () => {
  /** What it makes of arguments, with the given text on standard input. */
  async function read(
    given: { admin?: string; passwordFile?: string; fromEnvironment?: string },
    { typed, isTerminal = false }: { typed?: string; isTerminal?: boolean } = {},
  ) {
    const stdin = Object.assign(new PassThrough(), { isTTY: isTerminal }) as unknown as NodeJS.ReadStream &
      PassThrough;
    stdin.end(typed ?? '');
    const warnings: string[] = [];
    const asked: string[] = [];
    const admin = await adminOf(
      { admin: undefined, passwordFile: undefined, fromEnvironment: undefined, ...given },
      {
        stdin,
        prompt: async (question) => {
          asked.push(question);
          return typed ?? '';
        },
        warn: (message) => warnings.push(message),
      },
    );
    const password = typeof admin?.password === 'function' ? await admin.password() : admin?.password;
    return { email: admin?.email, password, warnings, asked };
  }

  it('takes the password from a file, standard input, the environment or a terminal, in this order', async () => {
    const file = join(dataDir, 'password');
    writeFileSync(file, ' Pass word-1 \r\n', { mode: 0o600 });
    const nothing = { warnings: [], asked: [] };
    expect(await read({ admin: ann, passwordFile: file, fromEnvironment: 'Other' })).toEqual({
      email: ann,
      password: ' Pass word-1 ',
      ...nothing,
    });
    expect(await read({ passwordFile: '-' }, { typed: 'Typed-1\n' })).toEqual({
      email,
      password: 'Typed-1',
      ...nothing,
    });
    expect(await read({ admin: ann, fromEnvironment: 'Env-1' }, { isTerminal: true })).toEqual({
      email: ann,
      password: 'Env-1',
      ...nothing,
    });
    for (const given of [{ admin: ann }, { admin: ann, passwordFile: '-' }])
      expect(await read(given, { typed: 'Typed-1', isTerminal: true })).toEqual({
        email: ann,
        password: 'Typed-1',
        warnings: [],
        asked: ['Password for ann@example.com: '],
      });
  });

  it('takes no password where there is none', async () => {
    expect(await read({}, { isTerminal: true })).toMatchObject({ email: undefined, asked: [] });
    expect(await read({ admin: ann })).toMatchObject({ email: ann, password: undefined, asked: [] });
  });

  it('prompts without showing what is typed', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let shown = '';
    output.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const answer = hiddenPrompt('Password: ', input, output);
    input.write('Sécret-1\r');
    expect(await answer).toBe('Sécret-1');
    await setImmediate();
    expect(shown).toBe('Password: \n');
    const ended = hiddenPrompt('Password: ', input, output);
    input.write('half\x03');
    await expect(ended).rejects.toThrow('interrupted');
    const closed = hiddenPrompt('Password: ', input, output);
    input.end();
    await expect(closed).rejects.toThrow('no password was entered');
  });

  it('gives them to the server', async () => {
    const bin = fileURLToPath(new URL('../bin/ips-server.js', import.meta.url));
    const args = [
      '--port',
      '0',
      '--data',
      dataDir,
      '--admin',
      ann,
      '--admin-password-file',
      '-',
      '--log-level',
      'error',
    ];
    const { IPS_ADMIN_PASSWORD: _, ...env } = process.env;
    const start = async (typed: string, ...more: string[]) => {
      const child = spawn(process.execPath, [bin, ...args, ...more], {
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.end(typed);
      let text = '';
      for await (const chunk of child.stdout.setEncoding('utf8')) {
        text += chunk;
        if (text.includes('IPS_USER')) break;
      }
      const url = /listening on (\S+)/.exec(text)?.[1] ?? '';
      const result = await described(typed.trim(), ann)({ url, admin: { email, password: '' } } as IpsServer);
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      return { text, code: result[2] };
    };
    expect((await start('First-1\n')).code).toBe(0);
    const kept = await start('Second-2\n');
    expect(kept.code).toBe(10001);
    expect((await start('Second-2\n', '--reset-admin')).code).toBe(0);
  });
});
