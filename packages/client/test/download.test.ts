import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fault, startService } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf } from './support/clients.js';

/** A server of files, and a client that knows nothing of it. */
async function fileServer(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, client: clientOf(await startService({})) };
}

describe('a download', () => {
  it('brings the bytes, their number and a name, and sends no credentials', async () => {
    const seen: unknown[] = [];
    const { url, client } = await fileServer((request, response) => {
      seen.push(request.method, request.headers['authorization']);
      response.setHeader('content-disposition', "attachment; filename*=UTF-8''sch%C3%B6n.zip");
      response.setHeader('content-length', 5);
      response.end('bytes');
    });
    const { fileName, length, body } = await client.download(`${url}/x/y.zip`);
    expect([fileName, length]).toEqual(['schön.zip', 5]);
    expect((await buffer(body)).toString()).toBe('bytes');
    expect(seen).toEqual(['GET', undefined]);
  });

  it('follows redirects, and takes its name from the link where the answer gives none', async () => {
    const { url, client } = await fileServer((request, response) => {
      if (request.url === '/first') response.writeHead(302, { location: '/second/a%20b.zip' });
      response.end('x');
    });
    const { fileName, length, body } = await client.download(`${url}/first`);
    expect(fileName).toBe('a b.zip');
    expect(length).toBe(1);
    await buffer(body);
    const { url: loop, client: other } = await fileServer((_, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });
    expect(await errorOf(other.download(loop))).toMatchObject({ name: 'HttpError', status: 302 });
  });

  it('stays on its host if told to, wherever a redirect leads', async () => {
    const asked: (string | undefined)[] = [];
    const { url: elsewhere } = await fileServer((request, response) => {
      asked.push(request.url);
      response.end('x');
    });
    const { url, client } = await fileServer((request, response) => {
      if (request.url === '/here') response.writeHead(302, { location: '/there' });
      if (request.url === '/away') response.writeHead(302, { location: `${elsewhere}/secret` });
      response.end('y');
    });
    const { body } = await client.download(`${url}/here`, { otherHosts: false });
    expect((await buffer(body)).toString()).toBe('y');
    expect(await errorOf(client.download(`${url}/away`, { otherHosts: false }))).toMatchObject({
      name: 'HttpError',
      status: 302,
      body: `a redirect leads to another host: ${new URL(elsewhere).host}`,
    });
    expect(asked).toEqual([]);
    await buffer((await client.download(`${url}/away`)).body);
    expect(asked).toEqual(['/secret']);
  });

  it.each([
    ['attachment; filename="../../etc/passwd"', '__.._etc_passwd'],
    ['attachment; filename=..', '_'],
    ["attachment; filename*=UTF-8''a%2Fb%00c", 'a_b_c'],
  ])('has a name that leads nowhere else, for %s', async (header, expected) => {
    const { url, client } = await fileServer((_, response) => {
      response.setHeader('content-disposition', header).end('x');
    });
    const { fileName, body } = await client.download(url);
    await buffer(body);
    expect(fileName).toBe(expected);
  });

  it('that is cut short, refused or no link fails', async () => {
    const { url, client } = await fileServer((request, response) => {
      if (request.url === '/gone') {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-length', 1000);
      response.write('only this');
      setImmediate(() => response.destroy());
    });
    const { body } = await client.download(`${url}/short`);
    expect(await errorOf(buffer(body))).toMatchObject({ name: 'ConnectionError' });
    expect(await errorOf(client.download(`${url}/gone`))).toMatchObject({ name: 'HttpError', status: 404 });
    expect(await errorOf(client.download('file:///etc/passwd'))).toMatchObject({ name: 'TypeError' });
  });

  it('ends when nothing comes any more, and when its signal says so', async () => {
    const { url, client } = await fileServer((_, response) => void response.write('x'));
    const slow = await client.download(url, { timeout: 50 });
    expect(await errorOf(buffer(slow.body))).toMatchObject({ name: 'TimeoutError' });
    const stop = new AbortController();
    const stopped = await client.download(url, { signal: stop.signal });
    setImmediate(() => stop.abort());
    expect(await errorOf(buffer(stopped.body))).toMatchObject({ name: 'AbortError' });
  });
});

describe('the text of an answer', () => {
  it('is passed on as it came, that of a fault and one that comes through soap included', async () => {
    const answers: string[] = [];
    const service = await startService({
      getActiveJobs: () => ({ jobArray: [] }),
      stopJob: () => fault({ kind: 'api', code: 30001, reason: 'no such job' }),
    });
    const client = clientOf(service);
    const onAnswer = (text: string): void => void answers.push(text);
    await client.call('getActiveJobs', { companyHandle: 'c|6' }, { onAnswer });
    expect(answers.pop()).toContain('getActiveJobsReturn');
    await errorOf(client.call('stopJob', { companyHandle: 'c|6', jobHandle: 'j|1' }, { onAnswer }));
    expect(answers.pop()).toContain('no such job');
    await client.soap;
    await client.call('getActiveJobs', { companyHandle: 'c|6' }, { onAnswer });
    expect(answers).toHaveLength(1);
    expect(answers.pop()).toContain('getActiveJobsReturn');
  });
});
