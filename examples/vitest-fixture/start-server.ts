// A server that TypeScript checks with all declarations (no skipLibCheck). It needs Node's types.
import { createIpsServer, type IpsServer, type Snapshot } from '@ips-sdk/server';

export async function startServer(): Promise<{ readonly server: IpsServer; readonly empty: Snapshot }> {
  const server = await createIpsServer({ company: 'My Company', jobClock: 'instant' });
  return { server, empty: await server.snapshot() };
}
