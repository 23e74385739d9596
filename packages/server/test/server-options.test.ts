// What servers, workers and fixtures refuse of programs that no compiler checks.
import { createIpsClient } from '@ips-sdk/client';
import { describe, expect, it } from 'vitest';
import { createIpsServer } from '../src/create-server.js';
import { useIpsServer } from '../src/testing/node.js';
import { ServerPool } from '../src/testing/server-pool.js';
import { startTestServer } from '../src/testing/testing.js';

const WORKER = {
  role: 'worker',
  databaseUrl: 'postgres://ips.invalid/ips',
  dataDir: '/nowhere',
  publicUrl: 'https://ips.example.com',
};

/** Options that are wrong, and the beginning of what is said of them. */
const WRONG: readonly (readonly [unknown, string])[] = [
  [{ jobClok: 'manual' }, 'jobClok: unknown option; did you mean jobClock?'],
  [{ nothingLikeIt: 1 }, 'nothingLikeIt: unknown option; expected one of role, port, host, '],
  [{ jobClock: 'manuel' }, 'jobClock: expected "real", "instant" or "manual", found "manuel"'],
  [{ jobClock: null }, 'jobClock: expected "real", "instant" or "manual", found null'],
  [{ workers: -3 }, 'workers: expected a whole number from 1 to 64, found -3'],
  [{ workers: 1.5 }, 'workers: expected a whole number from 1 to 64, found 1.5'],
  [{ port: '80' }, 'port: expected a whole number from 0 to 65535, found "80"'],
  [{ company: '' }, 'company: expected a non-empty string, found ""'],
  [{ company: 5 }, 'company: expected a non-empty string, found 5'],
  [{ company: 'My\0Company' }, 'company: expected a non-empty string, found '],
  [{ company: 'a/b' }, 'company: expected a name of 1 to 100 characters, without slashes, "|" or control'],
  [{ company: 'a\ud800' }, 'company: expected a name of 1 to 100 characters'],
  [{ mailFrom: 'nobody' }, 'mailFrom: expected an e-mail address, such as ips@example.com, found "nobody"'],
  [{ mailFrom: 'a@b.c\nBcc: d@e.f' }, 'mailFrom: expected an e-mail address'],
  [{ admin: 'a@b.c' }, 'admin: expected an object, found "a@b.c"'],
  [{ admin: {} }, 'admin.email: expected an e-mail address, found undefined'],
  [{ admin: { email: 'x' } }, 'admin.email: expected an e-mail address, found "x"'],
  [{ admin: { emial: 'a@b.c' } }, 'admin.emial: unknown option; did you mean email?'],
  [
    { admin: { email: 'a@b.c', password: 1234 } },
    'admin.password: expected a password, or a function that returns one, found a number',
  ],
  [{ now: 'tomorrow' }, 'now: expected a valid Date, found "tomorrow"'],
  [{ now: new Date('tomorrow') }, 'now: expected a valid Date, found an invalid Date'],
  [{ firstId: -1 }, 'firstId: expected a whole number from 1 to 900000000, found -1'],
  [{ publicUrl: 'nonsense' }, 'publicUrl: expected an http or https URL, found another string'],
  [{ mailUrl: 'nonsense' }, 'mailUrl: expected a URL such as smtp://mail.example.com, found another string'],
  [{ adminToken: 5 }, 'adminToken: expected a non-empty string, found a number'],
  [{ gzip: true }, 'gzip: expected "never", "soap", "accept" or "always", found true'],
  [{ console: 'no' }, 'console: expected true or false, found "no"'],
  [{ limits: 5 }, 'limits: expected an object, found 5'],
  [{ contracts: [{}] }, 'contracts: expected an array of contracts of @ips-sdk/types, found an array'],
  [{ logger: console.log }, 'logger: expected a pino logger, found a function'],
  [{ logger: {} }, 'logger: expected a pino logger, found an object'],
  [null, 'options: expected an object, found null'],
  [[], 'options: expected an object, found an array'],
];

describe('the options of a server', () => {
  it.each(WRONG)('%j are refused', async (options, words) => {
    const error = await createIpsServer(options as never).then(
      (server) => server.stop(),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message.slice(0, words.length)).toBe(words);
  });

  it('that a worker has no use for are refused', async () => {
    await expect(createIpsServer({ ...WORKER, company: 'MyCompany' } as never)).rejects.toThrow(
      'company: has no effect on a worker; give it to the servers',
    );
  });

  it('show no passwords in URLs', async () => {
    const password = 'hunter2-secret';
    for (const name of ['mailUrl', 'publicUrl'])
      await expect(createIpsServer({ [name]: `ftp://me:${password}@example.com` })).rejects.toThrow(
        expect.not.objectContaining({ message: expect.stringContaining(password) }),
      );
  });
});

describe('the options of a fixture', () => {
  it('are checked before it starts', async () => {
    const words = 'jobClok: unknown option; did you mean jobClock?';
    const options = { jobClok: 'manual' } as never;
    expect(() => useIpsServer(options)).toThrow(words);
    expect(() => new ServerPool().take(options, 'a test')).toThrow(words);
    await expect(startTestServer(options)).rejects.toThrow(words);
    await expect(startTestServer({ setup: 'seed.yaml' } as never)).rejects.toThrow(
      'setup: expected a function, found "seed.yaml"',
    );
    await expect(startTestServer({ role: 'api' } as never)).rejects.toThrow(
      'role: unknown option; expected one of port',
    );
    expect(() => new ServerPool().take(undefined as never, 'a test')).toThrow(
      'options: expected an object, found undefined',
    );
  });
});

describe('an option that client and server have', () => {
  it.each<[string, object]>([
    ['an unknown one', { compny: 'MyCompany' }],
    ['one like no other', { nothingLikeIt: 1 }],
    ['an empty text', { company: '' }],
    ['a number', { company: 5 }],
    ['a list', { company: [] }],
    ['a long text', { compny: 'x'.repeat(100) }],
  ])('is refused in the same words: %s', async (_, options) => {
    const words = async (start: () => unknown): Promise<string> => {
      try {
        await start();
        return 'accepted';
      } catch (error) {
        // The names of all options differ.
        return (error as Error).message.replace(/(?<=expected one of ).*/, '');
      }
    };
    const ofClient = { region: 'na', auth: { accessToken: 'a' }, ...options };
    expect(await words(() => createIpsServer(options as never))).toBe(
      await words(() => createIpsClient(ofClient as never)),
    );
  });
});
