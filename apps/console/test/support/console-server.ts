import { createIpsClient, type IpsClient } from '../../../../packages/client/src/index.js';
import {
  createIpsServer,
  type IpsServer,
  type IpsServerOptions,
} from '../../../../packages/server/src/index.js';

/** A real server with a company, an administrator, and Ann. */
export interface ConsoleServer {
  readonly server: IpsServer;
  readonly client: IpsClient;
  readonly admin: { readonly email: string; readonly password: string };
}

export const ANN = { email: 'ann@example.com', password: 'ann-password' };

export async function startConsoleServer(options: IpsServerOptions = {}): Promise<ConsoleServer> {
  const server = await createIpsServer({
    jobClock: 'manual',
    company: 'MyCompany',
    // A hash for every login of a test would take longer than the tests.
    passwordCost: 4,
    timeZone: 'America/New_York',
    ...options,
  });
  await server.seed({
    users: [{ ...ANN, memberships: [{ company: 'MyCompany', role: 'IpsUser' }] }],
  });
  const client = createIpsClient({
    endpoint: server.endpoints.soap,
    auth: { user: server.admin.email, password: server.admin.password },
    companyHandle: 'c|6',
  });
  return { server, client, admin: server.admin };
}
