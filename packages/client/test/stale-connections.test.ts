// Connections that the other side closed while they were idle.

import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { codec } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import { clientOf, errorOf } from './support/clients.js';
import { httpAnswer, onRequests, startTcp } from './support/tcp-service.js';

const JOB = { jobName: 'x', optimizeImagesJob: { emailSetting: 'None' } };
const answerTo = (xml: string): Buffer => {
  const { operation } = codec.decodeRequest(xml);
  const output = operation === 'submitJob' ? { jobHandle: 'j|6|x|' } : { jobArray: [] };
  return httpAnswer(200, {}, codec.encodeResponse(operation as 'getActiveJobs', output as never));
};

/** Answers the first request of each of the first connections, and resets them at the second. */
async function resettingAtTheSecond(connections: number) {
  const requests: string[] = [];
  const service = await startTcp((socket, number) =>
    onRequests(socket, (xml, count) => {
      requests.push(codec.decodeRequest(xml).operation);
      if (count > 1 && number <= connections) socket.resetAndDestroy();
      else socket.write(answerTo(xml));
    }),
  );
  return { ...service, requests };
}

describe('a reset of a connection that was idle', () => {
  it('is made good on a new one where the request may be sent twice, even without retries', async () => {
    const service = await resettingAtTheSecond(1);
    const ips = clientOf(service, { retry: false });
    await ips.getActiveJobs();
    await ips.getActiveJobs();
    expect([service.connections(), service.requests.length]).toEqual([2, 3]);
  });

  it('is an error where the service may have read the request', async () => {
    const service = await resettingAtTheSecond(1);
    const ips = clientOf(service);
    await ips.getActiveJobs();
    expect(await errorOf(ips.submitJob(JOB))).toMatchObject({ name: 'ConnectionError', notSent: false });
    expect(service.requests.filter((one) => one === 'submitJob')).toHaveLength(1);
  });

  it('is made good for every request where none of it was sent', async () => {
    const sockets: Socket[] = [];
    const requests: string[] = [];
    const service = await startTcp((socket) => {
      sockets.push(socket);
      onRequests(socket, (xml) => {
        requests.push(codec.decodeRequest(xml).operation);
        socket.write(answerTo(xml));
      });
    });
    const ips = clientOf(service, { retry: false, validation: 'off' });
    for (let round = 1; round <= 10; round += 1) {
      await ips.getActiveJobs();
      // The client has not heard of it when it sends the next request in the same turn of the event loop.
      sockets.at(-1)?.resetAndDestroy();
      expect(await ips.submitJob(JOB)).toEqual({ jobHandle: 'j|6|x|' });
      expect(requests.filter((one) => one === 'submitJob')).toHaveLength(round);
      await wait(5);
    }
  });

  it('ends after a few connections, all of which were closed', async () => {
    const service = await startTcp((socket) => {
      let first = true;
      onRequests(socket, (xml) => {
        if (first && service.connections() <= 12) socket.write(answerTo(xml));
        else socket.resetAndDestroy();
        first = false;
      });
    });
    const ips = clientOf(service, { retry: false, concurrency: 12 });
    await Promise.all(Array.from({ length: 12 }, () => ips.getActiveJobs()));
    expect(await errorOf(ips.getActiveJobs())).toMatchObject({ name: 'ConnectionError' });
  });
});
