// What servers, workers and fixtures refuse of programs that no compiler checks.
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
  [{ jobClok: 'manual' }, 'jobClok: unknown; did you mean jobClock?'],
  [{ nothingLikeIt: 1 }, 'nothingLikeIt: unknown; expected role, port, host, '],
  [{ jobClock: 'manuel' }, 'jobClock: found "manuel", expected real, instant, manual'],
  [{ jobClock: null }, 'jobClock: found null, expected real, instant, manual'],
  [{ workers: -3 }, 'workers: found -3, expected a whole number from 1 to 64'],
  [{ workers: 1.5 }, 'workers: found 1.5, expected a whole number from 1 to 64'],
  [{ port: '80' }, 'port: found "80", expected a whole number from 0 to 65535'],
  [{ company: '' }, 'company: found "", expected text that is not empty'],
  [{ company: 5 }, 'company: found 5, expected text that is not empty'],
  [{ company: 'My\0Company' }, 'company: found '],
  [{ admin: 'a@b.c' }, 'admin: found "a@b.c", expected an object'],
  [{ admin: {} }, 'admin.email: found undefined, expected an e-mail address'],
  [{ admin: { email: 'x' } }, 'admin.email: found "x", expected an e-mail address'],
  [{ admin: { emial: 'a@b.c' } }, 'admin.emial: unknown; did you mean email?'],
  [{ admin: { email: 'a@b.c', password: 1234 } }, 'admin.password: found a number, expected a password, or '],
  [{ now: 'tomorrow' }, 'now: found "tomorrow", expected a valid Date'],
  [{ now: new Date('tomorrow') }, 'now: found an invalid Date, expected a valid Date'],
  [{ firstId: -1 }, 'firstId: found -1, expected a whole number from 1 to 900000000'],
  [{ publicUrl: 'nonsense' }, 'publicUrl: found a string, expected an http or https URL'],
  [{ mailUrl: 'nonsense' }, 'mailUrl: found a string, expected a URL such as smtp://mail.example.com'],
  [{ adminToken: 5 }, 'adminToken: found a number, expected text that is not empty'],
  [{ gzip: true }, 'gzip: found true, expected never, soap, accept, always'],
  [{ console: 'no' }, 'console: found "no", expected true or false'],
  [{ limits: 5 }, 'limits: found 5, expected an object'],
  [{ contracts: [{}] }, 'contracts: found an array, expected an array of contracts'],
  [{ logger: console.log }, 'logger: found a function, expected a pino logger'],
  [{ logger: {} }, 'logger: found an object, expected a pino logger'],
  [null, 'options: found null, expected an object'],
  [[], 'options: found an array, expected an object'],
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
    const words = 'jobClok: unknown; did you mean jobClock?';
    const options = { jobClok: 'manual' } as never;
    expect(() => useIpsServer(options)).toThrow(words);
    expect(() => new ServerPool().take(options, 'a test')).toThrow(words);
    await expect(startTestServer(options)).rejects.toThrow(words);
    await expect(startTestServer({ setup: 'seed.yaml' } as never)).rejects.toThrow(
      'setup: found "seed.yaml", expected a function',
    );
    await expect(startTestServer({ role: 'api' } as never)).rejects.toThrow('role: unknown; expected port');
    expect(() => new ServerPool().take(undefined as never, 'a test')).toThrow(
      'options: found undefined, expected an object',
    );
  });
});
