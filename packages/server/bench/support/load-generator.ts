// Sends one request again and again from a process of its own, so that it takes no time of the server's: reads what to send as
// JSON from its input, and prints the latencies in milliseconds.
import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';

/** What to send, and how. */
export interface LoadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** POST by default. */
  readonly method?: 'GET';
  readonly body?: string;
  readonly clients: number;
  /** Requests of all clients together; as many as there is time for by default. */
  readonly requests?: number;
  /** When clients begin no more requests. */
  readonly seconds?: number;
}

/** What came of it. */
export interface LoadAnswer {
  readonly latencies: readonly number[];
  /** Of the whole run, without the requests that open the connections. */
  readonly milliseconds: number;
  /** All requests, with those that open the connections. */
  readonly requests: number;
  /** Bytes of the last answer. */
  readonly bytes: number;
}

async function generate(load: LoadRequest): Promise<LoadAnswer> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.clients });
  const { body = '', method = 'POST', seconds = Number.POSITIVE_INFINITY } = load;
  const headers = { ...load.headers, 'content-length': Buffer.byteLength(body) };
  let bytes = 0;
  const one = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const begun = performance.now();
      const sent = request(load.url, { method, agent, headers }, (response) => {
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
        });
        response.on('end', () => {
          bytes = length;
          if (response.statusCode !== 200) reject(new Error(`HTTP ${response.statusCode}`));
          else resolve(performance.now() - begun);
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const latencies: number[] = [];
  // Opens the connections, and warms up what is behind them.
  await Promise.all(Array.from({ length: load.clients }, one));
  let left = load.requests ?? Number.POSITIVE_INFINITY;
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const client = async (): Promise<void> => {
    while (left > 0 && performance.now() < end) {
      left -= 1;
      latencies.push(await one());
    }
  };
  await Promise.all(Array.from({ length: load.clients }, client));
  const milliseconds = performance.now() - begun;
  agent.destroy();
  return { latencies, milliseconds, bytes, requests: latencies.length + load.clients };
}

// The text is what the parent wrote.
if (import.meta.main) console.log(JSON.stringify(await generate((await json(process.stdin)) as LoadRequest)));
