import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { optionsOf, parse, workerOptionsOf } from '../src/command/process-options.js';
import { main } from '../src/main.js';
import { SERVER } from '../src/server-option-checks.js';
import { welcome } from '../src/welcome.js';
import { connect } from './support/call.js';
import { type CommandResult, runCommand, startServer } from './support/server-process.js';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-bin-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Runs the command in this process, which is enough where only what it says and answers is meant. */
async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const said = { stdout: '', stderr: '' };
  const listen = (name: 'stdout' | 'stderr') =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  const listeners = [listen('stdout'), listen('stderr')];
  try {
    return { code: await main(args, environment), ...said };
  } finally {
    for (const listener of listeners) listener.mockRestore();
  }
}

describe('what is printed when the server is ready', () => {
  const url = 'http://127.0.0.1:8080';
  const server = {
    url,
    endpoints: {
      soap: `${url}/scene7/services/IpsApiService`,
      plain: `${url}/scene7/api/IpsApiService`,
      upload: `${url}/scene7/UploadFile`,
      wsdl: `${url}/scene7/webservice/IpsApi-2014-04-03.wsdl`,
      images: `${url}/is/image/SampleCompany/`,
    },
    console: url,
    company: 'Sample Company',
    admin: { email: 'admin@example.com', password: 'admin-password' },
    adminPasswordSource: 'default',
  } as const;

  it('are the URLs, and the variables of a shell to paste', () => {
    expect(welcome(server, { platform: 'linux' })).toBe(`listening on http://127.0.0.1:8080

  SOAP endpoint  http://127.0.0.1:8080/scene7/services/IpsApiService
  plain XML      http://127.0.0.1:8080/scene7/api/IpsApiService
  WSDL           http://127.0.0.1:8080/scene7/webservice/IpsApi-2014-04-03.wsdl
  images         http://127.0.0.1:8080/is/image/SampleCompany/
  console        http://127.0.0.1:8080/

  export IPS_ENDPOINT=http://127.0.0.1:8080/scene7/services/IpsApiService
  export IPS_COMPANY='Sample Company'
  export IPS_USER=admin@example.com
  export IPS_PASSWORD=admin-password

  note: admin@example.com has the default password, which is public; set another with --admin and --admin-password-file

`);
  });

  it('are those of PowerShell on Windows, without a password that was given, and where clients reach it', () => {
    const publicUrl = 'https://ips.example.com/';
    const text = welcome({ ...server, adminPasswordSource: 'given' }, { platform: 'win32', publicUrl });
    expect(text).toContain("$env:IPS_ENDPOINT = 'https://ips.example.com/scene7/services/IpsApiService'\n");
    expect(text).toContain('  images         https://ips.example.com/is/image/SampleCompany/\n');
    expect(text).toContain('  console        https://ips.example.com/\n');
    expect(welcome({ ...server, console: undefined }, { platform: 'linux' })).not.toContain('console');
    expect(text).not.toContain('admin-password');
    expect(text).not.toContain('note:');
  });

  it('say which password the administrator has, and show only one that nobody chose', () => {
    const admin = { email: 'ann@example.com', password: 'Made-1-up' };
    const generated = welcome({ ...server, admin, adminPasswordSource: 'generated' }, { platform: 'linux' });
    expect(generated).toContain('  export IPS_PASSWORD=Made-1-up\n');
    expect(generated).toContain(
      '  note: the password of ann@example.com was generated; it is not printed again\n',
    );
    const unknown = { ...server, admin: { ...admin, password: '' }, adminPasswordSource: 'stored' } as const;
    const stored = welcome(unknown, { platform: 'linux' });
    expect(stored).not.toContain('IPS_PASSWORD');
    expect(stored).toContain(
      '  note: ann@example.com existed before and keeps the stored password; --reset-admin replaces it\n',
    );
  });
});

describe('ips-server', () => {
  it('prints its options and its version', async () => {
    const help = await runCommand(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const option of ['--port', '--data', '--company', '--admin', '--database-url', '--job-clock'])
      expect(help.stdout).toContain(option);
    expect(await runCommand(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('refuses what it does not know with code 2', async () => {
    expect(await runCommand(['--nonsense'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('nonsense'),
    });
  });

  it.each([
    [['--port', 'x'], '--port: expected a whole number from 0 to 65535, found "x"'],
    [['--port', '70000'], '--port'],
    [['--job-clock', 'fast'], '--job-clock: expected real, instant, manual, found "fast"'],
    [['--gzip', 'maybe'], '--gzip'],
    [['--log-level', 'loud'], '--log-level'],
    [['--workers', '0'], '--workers'],
    [['--admin', 'nobody:pw'], '--admin'],
    [['--public-url', 'ftp://x'], '--public-url'],
    [['--mail-url', 'nonsense'], '--mail-url: expected a URL such as smtp://mail.example.com'],
    [['--company', ''], '--company: expected text, found an empty string'],
    [['--mail-from', ''], '--mail-from: expected text, found an empty string'],
    [
      ['--now', 'noon'],
      '--now: expected an ISO 8601 time with an offset, such as 2026-01-31T12:00:00Z, found "noon"',
    ],
    [['--now', '2026-01-31T12:00:00'], '--now: expected an ISO 8601 time with an offset'],
    [['--first-id', '0'], '--first-id: expected a whole number from 1 to 900000000, found "0"'],
    [['--job-handles', 'old'], '--job-handles: expected recorded, documented, found "old"'],
    [
      ['--image-preset', 'Large'],
      '--image-preset: expected NAME=COMMANDS such as "Large=wid=800&qlt=90", found "Large"',
    ],
    [
      ['--image-preset', 'a b=wid=1'],
      '--image-preset: expected a name of letters, digits, - _ and ., found "a b"',
    ],
    [['--image-preset', 'Large=wid=wide'], '--image-preset: Large: '],
    [['--ffmpeg', '/usr/bin/ffmpeg', '--no-ffmpeg'], '--no-ffmpeg: remove it, or --ffmpeg'],
  ])('refuses %j with code 2 and the place', async (args, words) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('warns of a password that others can see, and refuses one that is no line of text', async () => {
    const file = join(dataDir, 'password');
    const withFile = (mode: number, content: string | Buffer, ...more: string[]) => {
      writeFileSync(file, content);
      chmodSync(file, mode);
      // Refused later, so that nothing starts.
      return run(['--admin-password-file', file, '--workers', '0', ...more]);
    };
    const readable = `other users can read ${file}; chmod 600 makes it private`;
    expect((await withFile(0o644, 'Secret-1\n')).stderr).toContain(readable);
    expect((await withFile(0o600, 'Secret-1\n')).stderr).not.toContain('warning');
    for (const [content, words] of [
      ['', 'expected a password, found an empty string'],
      ['\n', 'expected a password, found an empty string'],
      ['Secret-1\nSecret-2\n', 'has more than one line'],
      [Buffer.from([0xff, 0xfe]), 'is not text in UTF-8'],
      ['x'.repeat(10_000), 'expected one line, found more than 8192 bytes'],
    ] as const) {
      const { code, stderr } = await withFile(0o600, content);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
      expect(stderr).not.toContain('Secret-2');
    }
    expect((await withFile(0o600, 'Secret-1', '--admin', 'ann@example.com:Other-1')).stderr).toContain(
      '--admin-password-file: cannot be combined with a password in --admin',
    );
    for (const path of [join(dataDir, 'missing'), dataDir])
      expect((await run(['--admin-password-file', path])).stderr).toContain(
        `--admin-password-file: cannot read ${path}: `,
      );
    const seen = await run(['--admin', 'ann@example.com:Secret-1', '--workers', '0']);
    expect(seen.stderr).toContain('warning: --admin: other users of this machine can see the password');
    expect(seen.stderr).not.toContain('Secret-1');
    expect((await run(['--admin', 'ann@example.com:'])).code).toBe(2);
    expect((await run([], { IPS_ADMIN_PASSWORD: '' })).code).toBe(2);
  });

  it('takes the key that signs notifications from the environment, for all roles', async () => {
    const environment = { IPS_NOTIFICATION_SECRET: 'Secret-1' };
    const shared = parse(['--database-url', 'postgres://db/ips', '--public-url', 'https://ips.example.com']);
    expect(workerOptionsOf(shared, environment)).toMatchObject({ notificationSecret: 'Secret-1' });
    for (const role of ['all', 'api', undefined] as const)
      expect(await optionsOf(role, shared, environment)).toMatchObject({ notificationSecret: 'Secret-1' });
    expect(workerOptionsOf(shared, {}).notificationSecret).toBeUndefined();
    expect(await run([], { IPS_NOTIFICATION_SECRET: '' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('IPS_NOTIFICATION_SECRET: expected a secret, found an empty string'),
    });
  });

  it('has a flag for every option that text can have', async () => {
    const flags = [
      '--port=0 --host=127.0.0.1 --public-url=http://x --database-url=postgres://db/ips --file-store=s3://b',
      '--presigned-downloads --adopt-files --company=A --admin=a@b.c --reset-admin --job-clock=manual',
      '--now=2026-01-31T12:00:00Z --first-id=5 --job-handles=documented --time-zone=UTC --workers=1',
      '--server-name=a --server-root=b --allow-private --strict --gzip=never --admin-api --admin-token=t',
      '--no-console --console-read-only --no-image-cors --image-preset=Large=wid=8&qlt=9 --limit=maxFileBytes=5',
      '--mail-url=smtp://x --mail-from=a@b.c --no-ffmpeg',
    ].flatMap((line) => line.split(' '));
    const environment = { IPS_NOTIFICATION_SECRET: 'a', IPS_ADMIN_TOKEN_PREVIOUS: 'b' };
    const options = [
      await optionsOf('all', parse([...flags, '--data=d']), environment),
      await optionsOf('all', parse(['--state=s']), environment),
    ];
    const given = new Set(
      options.flatMap((each) =>
        Object.entries(each).flatMap(([name, value]) => (value === undefined ? [] : [name])),
      ),
    );
    const without = Object.keys(SERVER).filter((name) => !given.has(name));
    // Objects of programs, and a hash that is fast to guess.
    expect(without.sort()).toEqual(['contracts', 'passwordCost']);
    expect(options[0]).toMatchObject({
      now: new Date('2026-01-31T12:00:00Z'),
      firstId: 5,
      submittedJobHandles: 'documented',
      imagePresets: { Large: 'wid=8&qlt=9' },
      mailFrom: 'a@b.c',
      ffmpeg: false,
    });
    const { stdout } = await run(['--help']);
    for (const flag of flags) expect(stdout).toContain(`  ${flag.split('=')[0]} `);
  });

  it('ends with code 1 when it cannot start', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    expect(await run(['--port', '0', '--data', file])).toMatchObject({ code: 1, stdout: '' });
    const zone = await run(['--port', '0', '--data', dataDir, '--time-zone', 'Moon/Base']);
    expect(zone).toMatchObject({ code: 1, stderr: expect.stringContaining('Moon/Base') });
  });

  it('creates what is missing, serves, logs JSON lines, and stops cleanly on SIGTERM', async () => {
    const args = ['--data', dataDir, '--company', 'Acme Inc', '--admin', 'ann@example.com:Secret-1'];
    const server = await startServer(args);
    const ann = { email: 'ann@example.com', password: 'Secret-1' };
    const { companyInfo } = await connect(server, ann).call('getCompanyInfo', { companyName: 'Acme Inc' });
    expect(companyInfo?.rootPath).toBe('AcmeInc/');
    // The directory is taken.
    const second = await runCommand(['--port', '0', '--data', dataDir]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('in use by process') });
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const [warning, ...lines] = server.logLines;
    expect(warning).toContain('warning: --admin: other users of this machine can see the password');
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
    expect(server.logLines.join('\n')).not.toContain('Secret-1');
    const again = await startServer(args);
    const found = await connect(again, ann).call('getCompanyInfo', { companyName: 'Acme Inc' });
    expect(found.companyInfo).toEqual(companyInfo);
    await again.end('SIGINT');
  });
});
