import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { active, type CompanyService, log, row, startService, task } from './support/company-service.js';
import { account, ips, ON_WINDOWS, PASSWORD, temporaryFolder } from './support/ips.js';
import { KEYS, terminal } from './support/terminal.js';

/** A job whose run advances as a test says. */
function job(service: CompanyService): {
  progress: (done: number, all: number) => void;
  ends: () => void;
  looks: () => number;
} {
  let run: ReturnType<typeof active> | undefined = active('Watched', 0);
  let looks = 0;
  service.on('getScheduledJobs', () => ({ jobArray: [] }));
  service.on('getActiveJobs', () => {
    looks += 1;
    return { jobArray: run === undefined ? [] : [run] };
  });
  service.on('getJobLogDetails', () => {
    const { endDate: _, ...open } = log('Watched');
    const detailArray = [row('UploadError', 'the file is no image', { assetName: 'green' })];
    const head = run === undefined ? log('Watched', { fileErrorCount: 1, fileSuccessCount: 2 }) : open;
    return { jobLogArray: [{ ...head, detailTotalRows: 1, detailArray }] };
  });
  return {
    progress: (done, all) => {
      run = active('Watched', Math.round((100 * done) / all), {
        taskProgressArray: [task('Download', all, all), task('Process', done, all)],
      });
    },
    ends: () => {
      run = undefined;
    },
    looks: () => looks,
  };
}

const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('job watch in a terminal', () => {
  it('redraws tasks, speed and estimate in place, and leaves a verdict', async () => {
    const service = await startService();
    const { progress, ends } = job(service);
    progress(1, 8);
    const { sees, raw, screen, exit } = terminal(['job', 'watch', 'Watched', '--interval', '50ms'], {
      env: account(service.endpoint),
      columns: 90,
    });
    const first = await sees(/1 failed[\s\S]*Process .* 1\/8/);
    expect(first).toMatch(/^. Watched {2}Running · 13 % · \d+ s · 1 failed$/m);
    expect(first).toMatch(/^ {2}Download {13}█{30} 100 % {2}8\/8$/m);
    progress(3, 8);
    const later = await sees(/3\/8 {2}[\d.]+\/(?:s|min)/);
    expect(later).toMatch(/about \d+ .*left/);
    // In place: what is to be seen holds the task once.
    expect(later.match(/Process/g)).toHaveLength(1);
    expect(raw()).toContain('\u001b[?25l');
    ends();
    expect(await exit).toBe(0);
    await sees(/ended with errors/);
    const last = await screen();
    expect(last).toBe(
      '✗ Watched ended with errors in 1 min 5 s: 2 of 3 files, 1 failed\n  • green the file is no image\n',
    );
    expect(raw()).toContain('\u001b[?25h');
  });

  it('fits again when the terminal is narrow', async () => {
    const service = await startService();
    const { progress, ends } = job(service);
    progress(1, 8);
    const { sees, exit } = terminal(['job', 'watch', 'Watched', '--interval', '50ms'], {
      env: account(service.endpoint),
      columns: 60,
    });
    const text = await sees(/Process .* 1\/8/);
    expect(text.split('\n').filter((line) => line.includes('Process'))).toHaveLength(1);
    ends();
    await exit;
  });

  it('exits with 1 for a failed job with --exit-status', async () => {
    const service = await startService();
    const { ends } = job(service);
    ends();
    const { exit } = terminal(['job', 'watch', 'Watched', '--exit-status'], {
      env: account(service.endpoint),
    });
    expect(await exit).toBe(1);
  });

  it('reports lost and restored contact above the display', async () => {
    const service = await startService();
    const { progress, ends } = job(service);
    progress(2, 8);
    const { sees, exit } = terminal(['job', 'watch', 'Watched', '--interval', '50ms'], {
      env: account(service.endpoint),
    });
    await sees(/2\/8/);
    service.answers((request, response) => {
      request.resume();
      response.writeHead(503).end('busy');
    });
    await sees(/lost contact with 127\.0\.0\.1:\d+, retrying/);
    ends();
    service.answers(undefined);
    await sees(/contact restored after \d+ s/);
    expect(await exit).toBe(0);
  });

  it('exits with 130 on Ctrl-C, notes that the job continues, shows the cursor, and leaves no process', async () => {
    const service = await startService();
    const { progress } = job(service);
    progress(2, 8);
    const { sees, raw, type, exit, pid } = terminal(['job', 'watch', 'Watched', '--interval', '50ms'], {
      env: account(service.endpoint),
    });
    await sees(/2\/8/);
    type(KEYS.ctrlC);
    expect(await exit).toBe(130);
    expect(await sees(/stopped watching/)).toContain('the job continues: ips job watch Watched');
    expect(raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw().lastIndexOf('\u001b[?25l'));
    expect(gone(pid)).toBe(true);
    expect(service.operations()).not.toContain('stopJob');
  });
});

describe('job watch of several jobs', () => {
  /** Jobs whose runs advance as a test says. */
  async function jobs(...names: readonly string[]) {
    const service = await startService();
    const left = new Map(names.map((name) => [name, active(name, 10)]));
    service.on('getScheduledJobs', () => ({ jobArray: [] }));
    service.on('getActiveJobs', ({ originalName, jobHandle }) => ({
      jobArray: [...left.values()].filter(
        (run) =>
          (originalName ?? run.originalName) === run.originalName &&
          (jobHandle ?? run.jobHandle) === run.jobHandle,
      ),
    }));
    service.on('getJobLogDetails', ({ originalName, jobHandle }) => ({
      jobLogArray: names
        .filter((name) => originalName === name || (jobHandle ?? '').includes(`|${name}_`))
        .map((name) => {
          const { endDate: _, ...open } = log(name);
          const failed = name === 'Bad' ? { fileErrorCount: 1, fileSuccessCount: 2 } : {};
          return {
            ...(left.has(name) ? open : { ...log(name), ...failed }),
            detailTotalRows: 0,
            detailArray: [],
          };
        }),
    }));
    return { service, ends: (name: string) => left.delete(name) };
  }

  it('shows them one below the other, each until it has ended, and leaves the verdicts', async () => {
    const { service, ends } = await jobs('Boots', 'Bad');
    const { sees, screen, exit } = terminal(
      ['job', 'watch', 'Boots', 'Bad', '--interval', '50ms', '--exit-status'],
      { env: account(service.endpoint), columns: 80 },
    );
    const both = await sees(/Boots {2}Running · 10 %[\s\S]*Bad {2}Running · 10 %/);
    expect(both.match(/Running/g)).toHaveLength(2);
    ends('Boots');
    await sees(/✓ Boots {2}succeeded\n. Bad {2}Running/);
    ends('Bad');
    expect(await exit).toBe(1);
    await sees(/✗ Bad ended/);
    await expect(await screen()).toMatchFileSnapshot('golden/terminal-80/job-watch-several.txt');
  });

  it('prints a row for each in a pipe, even if one job does not exist', async () => {
    const { service, ends } = await jobs('Boots', 'Sandals');
    ends('Boots');
    ends('Sandals');
    const env = account(service.endpoint);
    const args = ['job', 'watch', '-', '--json', 'name,status'];
    const all = await ips(args, { env, input: 'Boots\nSandals\n' });
    expect(JSON.parse(all.stdout)).toEqual(
      ['Boots', 'Sandals'].map((name) => ({ name, status: 'succeeded' })),
    );
    expect(all.code).toBe(0);
    const { code, stdout, stderr } = await ips(
      ['job', 'watch', 'Boots', 'j|6||nobody_1|1', '--interval', '1ms'],
      { env },
    );
    expect(stdout).toMatch(/^Boots\tsucceeded\t3\t0\tj\|6\|\|Boots_\S+\|1\n$/);
    expect(stderr).toContain('neither scheduled nor active');
    expect(code).toBe(5);
  });
});

describe('a note while a display is drawn', () => {
  it('goes above it: a retry message does not overwrite the display, nor is it overwritten', async () => {
    const service = await startService();
    const { progress, ends } = job(service);
    progress(2, 8);
    let failures = 0;
    const { sees, screen, exit } = terminal(['job', 'watch', 'Watched', '--interval', '50ms', '-v'], {
      env: account(service.endpoint),
      columns: 100,
    });
    await sees(/2\/8/);
    service.answers((request, response) => {
      failures += 1;
      request.resume();
      response.writeHead(503).end('busy');
      if (failures === 3) service.answers(undefined);
    });
    while (failures < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    progress(5, 8);
    await sees(/5\/8/);
    const seen = await screen();
    // The display is there once, at the end, and every note is whole.
    expect(seen.match(/Process .*5\/8/g)).toHaveLength(1);
    expect(seen).not.toMatch(/2\/8/);
    const notes = seen
      .slice(0, seen.search(/^. Watched/m))
      .trimEnd()
      .split('\n');
    expect(notes.filter((line) => line.includes('503')).length).toBeGreaterThanOrEqual(3);
    for (const note of notes) expect(note).toMatch(/^(?:get\w+(?: →|:) |lost contact|contact restored)/);
    ends();
    await exit;
  });
});

describe('job watch in a pipe', () => {
  it('writes a line per change to stderr, and values to stdout', async () => {
    const service = await startService();
    const watched = job(service);
    watched.progress(1, 2);
    const running = ips(['job', 'watch', 'Watched', '--interval', '50ms'], {
      env: account(service.endpoint),
    });
    while (watched.looks() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    watched.ends();
    const { code, stdout, stderr } = await running;
    expect(code).toBe(0);
    expect(stderr).not.toContain('\u001b');
    expect(stderr.split('\n').slice(0, 4)).toEqual([
      'Watched: Running on ips-1',
      'Watched: 50 %',
      'Watched: Download Done 2/2 100 %',
      'Watched: Process Running 1/2 50 %',
    ]);
    expect(stdout).toContain('status\tcompletedWithErrors\n');
  });

  it.each([
    ['watch', ['watch', 'Watched']],
    ['wait', ['wait', 'Watched']],
    ['tail', ['tail', 'Watched', '--exit-status']],
  ])('reports lost and restored contact once: %s', async (_, words) => {
    const service = await startService();
    const watched = job(service);
    watched.progress(1, 2);
    const running = ips(['job', ...words, '--interval', '20ms'], { env: account(service.endpoint) });
    while (watched.looks() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    let refused = 0;
    await new Promise<void>((resolve) => {
      service.answers((request, response) => {
        refused += 1;
        request.resume();
        response.writeHead(503).end('<html><body>down for maintenance</body></html>');
        if (refused === 5) resolve();
      });
    });
    // It ends while nobody can see it.
    watched.ends();
    service.answers(undefined);
    const { code, stdout, stderr } = await running;
    expect(code).toBe(words[0] === 'watch' ? 0 : 1);
    expect(stdout).not.toContain('contact');
    const { host } = new URL(service.endpoint);
    expect(stderr.split('\n').filter((line) => /contact|attempt|503/.test(line))).toEqual([
      `lost contact with ${host}, retrying`,
      expect.stringMatching(/^contact restored after \d+ s$/),
    ]);
  });

  it('gives up if the service does not recover, and does not wait if it refuses', async () => {
    const service = await startService();
    job(service).progress(1, 2);
    const env = account(service.endpoint);
    const answer = (status: number) =>
      service.answers((request, response) => {
        request.resume();
        response.writeHead(status).end('<html><body>no</body></html>');
      });
    answer(503);
    const limits = ['--interval', '1ms', '--max-outage', '300ms'];
    const gone = await ips(['job', 'wait', 'j|6|Watched|', ...limits], { env });
    expect(gone.code).toBe(5);
    expect(gone.stderr).toContain('HTTP status 503');
    answer(403);
    const refused = await ips(['job', 'wait', 'j|6|Watched|'], { env });
    expect(refused.code).toBe(4);
    expect(refused.stderr).not.toContain('lost contact');
  });

  it.each(['wait', 'watch', 'tail'])(
    '%s says that a job does not exist, before its time limit',
    async (verb) => {
      const service = await startService();
      const { code, stderr } = await ips(['job', verb, 'Nobody', '--interval', '1ms', '--timeout', '2s'], {
        env: account(service.endpoint),
      });
      expect(code).toBe(5);
      expect(stderr).toContain('job "Nobody" not found: it is neither scheduled nor active, and has no log');
    },
  );

  it('tail prints rows as they are written', async () => {
    const service = await startService();
    const { ends } = job(service);
    ends();
    const { code, stdout } = await ips(['job', 'tail', 'Watched', '--json', 'logType,assetName'], {
      env: account(service.endpoint),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([{ logType: 'UploadError', assetName: 'green' }]);
  });

  it('wait exits with 1 if the job does not succeed, and with 6 after a timeout', async () => {
    const service = await startService();
    const { ends } = job(service);
    const env = account(service.endpoint);
    const late = await ips(['job', 'wait', 'Watched', '--timeout', '300ms', '--interval', '50ms'], { env });
    expect(late.code).toBe(6);
    expect(late.stderr).toContain('error: the job "Watched" took longer than 300 ms');
    ends();
    expect((await ips(['job', 'wait', 'Watched'], { env })).code).toBe(1);
  });

  it.skipIf(ON_WINDOWS)('exits with 130 when interrupted, with 143 when terminated', async () => {
    const service = await startService();
    const { spawn } = await import('node:child_process');
    const { BIN, environment } = await import('./support/ips.js');
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const watched = job(service);
      watched.progress(1, 2);
      const child = spawn(process.execPath, [BIN, 'job', 'watch', 'Watched', '--interval', '50ms'], {
        env: environment(temporaryFolder(), account(service.endpoint)),
      });
      while (watched.looks() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill(signal);
      expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(code);
    }
  });
});

describe('a service that does not answer', () => {
  it('does not delay an interrupted command', async () => {
    const service = await startService();
    let asked = false;
    service.answers((request) => {
      asked = true;
      request.resume();
    });
    const { type, exit, pid } = terminal(['folder', 'tree'], { env: account(service.endpoint) });
    while (!asked) await new Promise((resolve) => setTimeout(resolve, 20));
    type(KEYS.ctrlC);
    expect(await exit).toBe(130);
    expect(gone(pid)).toBe(true);
  });
});

describe('a prompt', () => {
  it('lists exact handles and names, and defaults to no', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    const { sees, type, exit } = terminal(['asset', 'delete', 'red', 'a|2'], { env });
    const text = await sees(/Continue\?/);
    expect(text).toContain('This will delete 2 assets:');
    expect(text).toContain('a|1  MyCompany/Shoes/red');
    expect(text).toContain('a|2  MyCompany/Shoes/green');
    type(KEYS.enter);
    expect(await exit).toBe(1);
    expect(await sees(/nothing was changed/)).toContain('error: cancelled; nothing was changed');
    expect(service.operations()).not.toContain('deleteAssets');
  });

  it('continues after yes', async () => {
    const service = await startService();
    const { sees, type, exit } = terminal(['folder', 'delete', 'MyCompany/Boots'], {
      env: account(service.endpoint),
    });
    await sees(/f\|MyCompany\/Boots\//);
    type('y');
    type(KEYS.enter);
    expect(await exit).toBe(0);
    expect(service.requests.at(-1)).toMatchObject({
      operation: 'deleteFolder',
      input: { folderHandle: 'f|MyCompany/Boots/' },
    });
  });

  it('exits with 130 when interrupted', async () => {
    const service = await startService();
    const { sees, type, exit, pid } = terminal(['job', 'delete', 'Nightly'], {
      env: account(service.endpoint),
    });
    await sees(/Continue\?/);
    type(KEYS.ctrlC);
    expect(await exit).toBe(130);
    expect(gone(pid)).toBe(true);
    expect(service.operations()).not.toContain('deleteJob');
  });
});

describe('login in a terminal', () => {
  it('prompts for missing values, shows no password, and stores it where only the user can read it', async () => {
    const service = await startService();
    const home = temporaryFolder();
    const { sees, type, exit, raw } = terminal(['login'], {
      env: { HOME: home },
      columns: 200,
    });
    await sees(/Region of the account/);
    for (let i = 0; i < 3; i += 1) type(KEYS.down);
    type(KEYS.enter);
    await sees(/URL of the SOAP service/);
    type(service.endpoint + KEYS.enter);
    await sees(/Email address/);
    type(`ann@example.com${KEYS.enter}`);
    await sees(/Password for \S+@/);
    type(PASSWORD + KEYS.enter);
    expect(await exit).toBe(0);
    const text = await sees(/logged in as ann@example.com/);
    expect(text).toContain('company MyCompany');
    expect(raw()).not.toContain('correct horse');
    const secrets = join(home, '.config/ips/secrets.json');
    if (!ON_WINDOWS) expect(statSync(secrets).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(secrets, 'utf8'))).toEqual({ default: { password: PASSWORD } });
    const config = readFileSync(join(home, '.config/ips/config.json'), 'utf8');
    expect(config).not.toContain('correct horse');
    expect(JSON.parse(config)).toEqual({
      current: 'default',
      profiles: {
        default: {
          endpoint: service.endpoint,
          company: 'MyCompany',
          user: 'ann@example.com',
          secret: 'file',
        },
      },
    });
    expect((await ips(['whoami', '--jq', '.role'], { env: { HOME: home } })).stdout).toBe('CompanyAdmin\n');
  });

  it('saves nothing if the service rejects the password', async () => {
    const service = await startService();
    const home = temporaryFolder();
    const { sees, type, exit } = terminal(
      ['login', '--endpoint', service.endpoint, '--user', 'ann@example.com'],
      { env: { HOME: home } },
    );
    await sees(/Password for \S+@/);
    type(`wrong${KEYS.enter}`);
    expect(await exit).toBe(4);
    expect(await sees(/error/)).toContain('login rejected');
    expect(existsSync(join(home, '.config/ips/config.json'))).toBe(false);
  });
});
