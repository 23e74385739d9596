// Notifications of the end of a job: signed, to the URLs in its details, and by mail according to its setting.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import type { IpsServerOptions } from '../src/server-options.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { plain, RED } from './support/pictures.js';
import { type SmtpSink, serveMail } from './support/smtp-sink.js';

const SECRET = 'a secret of both sides';
const companyHandle = 'c|6';

/** A notice as it came. */
interface Notice {
  readonly path: string;
  readonly type: string;
  readonly signature: string;
  readonly body: string;
}

/** Takes notices; answers them with the statuses that a test sets, then with 200. */
async function receiver() {
  const notices: Notice[] = [];
  const statuses: number[] = [];
  const web = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      notices.push({
        path: `${request.method} ${request.url}`,
        type: request.headers['content-type'] ?? '',
        signature: String(request.headers['x-ips-signature']),
        body: Buffer.concat(chunks).toString('utf8'),
      });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    notices,
    answerFirst: (...given: number[]) => statuses.push(...given),
    close: () =>
      new Promise<void>((resolve) => {
        web.closeAllConnections();
        web.close(() => resolve());
      }),
  };
}

let hook: Awaited<ReturnType<typeof receiver>>;
let files: FileServer;

beforeAll(async () => {
  hook = await receiver();
  files = await serveFiles({
    '/red.png': await plain(20, 10, RED).png().toBuffer(),
    // A drawing that cannot be rendered is kept, with a warning.
    '/broken.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect'),
  });
});
afterAll(async () => {
  await files.close();
  await hook.close();
});
beforeEach(() => void hook.notices.splice(0));

/** Submits an upload of files of the web server. */
function upload(server: IpsServer, jobName: string, paths: readonly string[], more: object) {
  return connect(server).call('submitJob', {
    companyHandle,
    jobName,
    uploadUrlsJob: {
      urlArray: paths.map((path) => ({
        sourceUrl: `${files.url}/${path}`,
        destPath: `SampleCompany/${jobName}/`,
      })),
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      ...more,
    },
  });
}

/** Submits a publish. */
const publish = (server: IpsServer, jobName: string, more: object) =>
  connect(server).call('submitJob', {
    companyHandle,
    jobName,
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None', ...more },
  });

const arrived = (count: number) =>
  vi.waitFor(() => expect(hook.notices.length).toBeGreaterThanOrEqual(count), {
    timeout: 60_000,
    interval: 50,
  });

const outbox = async (server: IpsServer) => (await server.snapshot()).tables['mails'] ?? [];

/** A server of one test. */
async function withServer(options: IpsServerOptions, test: (server: IpsServer) => Promise<void>) {
  const server = await createIpsServer(options);
  try {
    await test(server);
  } finally {
    await server.stop();
  }
}

describe('notices to URLs', () => {
  let server: IpsServer;
  beforeAll(async () => {
    server = await createIpsServer({
      jobClock: 'instant',
      allowPrivateAddresses: true,
      notificationSecret: SECRET,
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());

  it('go to httpCompletionUrl at the end of a publish, signed with the secret', async () => {
    await publish(server, 'Publish', { httpCompletionUrl: `${hook.url}/done?a=1&b=2` });
    await arrived(1);
    const [notice] = hook.notices;
    expect(notice).toMatchObject({ path: 'POST /done?a=1&b=2', type: 'application/json' });
    const expected = createHmac('sha256', SECRET)
      .update(notice?.body ?? '')
      .digest('hex');
    expect(notice?.signature).toBe(`sha256=${expected}`);
    const { jobLogArray } = await connect(server).call('getJobLogDetails', {
      companyHandle,
      originalName: 'Publish',
    });
    expect(JSON.parse(notice?.body ?? '')).toMatchObject({
      jobName: jobLogArray[0]?.jobName,
      originalJobName: 'Publish',
      companyHandle,
      type: 'imageServingPublishJob',
      endDate: jobLogArray[0]?.endDate === undefined ? '' : expect.stringMatching(/^\d{4}-.*Z$/),
      fatalError: false,
      counts: { success: 0, error: 0 },
    });
  });

  it('go to postHttpUrl at the end of an upload, with its counts', async () => {
    await upload(server, 'Upload', ['red.png', 'nothing.png'], { postHttpUrl: `${hook.url}/posted` });
    await arrived(1);
    expect(hook.notices.map(({ path }) => path)).toEqual(['POST /posted']);
    expect(JSON.parse(hook.notices[0]?.body ?? '')).toMatchObject({
      originalJobName: 'Upload',
      type: 'uploadUrlsJob',
      counts: { success: 1, error: 1, total: 2 },
    });
  });

  it('are sent again after a failure of the receiver, with the same content', async () => {
    hook.answerFirst(500, 503);
    await publish(server, 'Publish', { httpCompletionUrl: `${hook.url}/done` });
    await arrived(3);
    expect(new Set(hook.notices.map(({ body }) => body)).size).toBe(1);
    expect(new Set(hook.notices.map(({ signature }) => signature)).size).toBe(1);
  });

  it('do not go to postHttpUrl when only files count and there were none', async () => {
    const postHttpUrl = `${hook.url}/posted`;
    await upload(server, 'Nothing', ['nothing.png'], { postHttpUrl, postJobOnlyIfFiles: true });
    await upload(server, 'Anyway', ['nothing.png'], { postHttpUrl, postJobOnlyIfFiles: false });
    await upload(server, 'Files', ['red.png'], { postHttpUrl, postJobOnlyIfFiles: true });
    // They are handed out in their order, so that one of the first would have come by the time of the last.
    await arrived(2);
    const names = hook.notices.map(
      ({ body }) => (JSON.parse(body) as { originalJobName: string }).originalJobName,
    );
    expect(names.sort()).toEqual(['Anyway', 'Files']);
  });
});

it('refuses private addresses unless they are allowed', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  const submit = async (server: IpsServer) => {
    await publish(server, 'Publish', { httpCompletionUrl: `${hook.url}/done` });
    await server.clock.runPending();
  };
  await withServer({ jobClock: 'manual', logger }, submit);
  expect(hook.notices).toEqual([]);
  expect(lines.join('')).toMatch(/127\.0\.0\.1 is a private address/);
  await withServer({ jobClock: 'manual', allowPrivateAddresses: true }, submit);
  expect(hook.notices).toHaveLength(1);
});

describe('mails', () => {
  it('go into the outbox as the setting says', async () => {
    // With this clock everything that comes of a job is done when `runPending` returns.
    await withServer({ jobClock: 'manual', allowPrivateAddresses: true }, async (server) => {
      const endings = { fine: ['red.png'], warned: ['broken.svg'], failed: ['nothing.png'] };
      for (const emailSetting of ['All', 'Error', 'ErrorAndWarning', 'JobCompletion', 'None']) {
        for (const [ending, paths] of Object.entries(endings))
          await upload(server, `${emailSetting}-${ending}`, paths, { emailSetting });
      }
      await server.clock.runPending();
      const mails = await outbox(server);
      expect(mails.map(({ subject }) => subject)).toEqual([
        'Job done: All-fine',
        'Job done: All-warned',
        'Job with errors: All-failed',
        'Job with errors: Error-failed',
        'Job done: ErrorAndWarning-warned',
        'Job with errors: ErrorAndWarning-failed',
        'Job done: JobCompletion-fine',
        'Job done: JobCompletion-warned',
        'Job with errors: JobCompletion-failed',
      ]);
      expect(new Set(mails.map(({ recipient, outcome }) => `${recipient} ${outcome}`))).toEqual(
        new Set([`${server.admin.email} kept`]),
      );
      expect(mails[1]?.['body']).toContain('Succeeded: 1, updated: 0, duplicates: 0, warnings: 1, errors: 0');
    });
  });

  it('go to the user that the job names', async () => {
    await withServer({ jobClock: 'manual', allowPrivateAddresses: true }, async (server) => {
      await server.seed({
        users: [
          {
            email: 'editor@example.com',
            password: 'editor-password',
            memberships: [{ company: 'Sample Company', role: 'IpsUser' }],
          },
        ],
      });
      const { tables } = await server.snapshot();
      const editor = tables['users']?.find(({ email }) => email === 'editor@example.com');
      await connect(server).call('submitJob', {
        companyHandle,
        userHandle: `u|${editor?.['id']}|editor@example.com`,
        jobName: 'Publish',
        imageServingPublishJob: { publishType: 'Full', emailSetting: 'All' },
      });
      await server.clock.runPending();
      expect((await outbox(server)).map(({ recipient }) => recipient)).toEqual(['editor@example.com']);
    });
  });

  describe('through a mail server', () => {
    let smtp: SmtpSink;
    beforeEach(async () => {
      smtp = await serveMail();
    });
    afterAll(() => smtp.close());

    it('arrive, and are in the outbox as sent', async () => {
      const options: IpsServerOptions = {
        jobClock: 'manual',
        allowPrivateAddresses: true,
        mailUrl: smtp.url,
        mailFrom: 'jobs@example.com',
      };
      await withServer(options, async (server) => {
        await upload(server, 'Upload', ['red.png'], { emailSetting: 'All' });
        await server.clock.runPending();
        expect(smtp.mails).toMatchObject([{ from: 'jobs@example.com', to: [server.admin.email] }]);
        expect(smtp.mails[0]?.content).toContain('Subject: Job done: Upload');
        expect(smtp.mails[0]?.content).toContain('Succeeded: 1,');
        expect(await outbox(server)).toMatchObject([{ subject: 'Job done: Upload', outcome: 'sent' }]);
      });
    });

    it('are sent again until the server takes them, and each once', async () => {
      smtp.refuse(2);
      await withServer({ jobClock: 'instant', mailUrl: smtp.url }, async (server) => {
        await publish(server, 'First', { emailSetting: 'All' });
        await publish(server, 'Second', { emailSetting: 'All' });
        await vi.waitFor(
          async () => expect((await outbox(server)).map(({ outcome }) => outcome)).toEqual(['sent', 'sent']),
          { timeout: 60_000, interval: 100 },
        );
        expect(smtp.refused()).toBe(2);
        const subjects = smtp.mails.map(({ content }) => /^Subject: (.*)$/m.exec(content)?.[1]);
        expect(subjects.sort()).toEqual(['Job done: First', 'Job done: Second']);
      });
    });

    it('stay in the outbox, with the error, while no server takes them', async () => {
      await smtp.close();
      await withServer({ jobClock: 'manual', mailUrl: smtp.url }, async (server) => {
        await publish(server, 'Publish', { emailSetting: 'All' });
        await server.clock.runPending();
        expect(await outbox(server)).toMatchObject([
          {
            subject: 'Job done: Publish',
            recipient: server.admin.email,
            outcome: expect.stringContaining('ECONNREFUSED'),
          },
        ]);
      });
    });
  });
});
