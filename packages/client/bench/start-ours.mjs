import { createIpsClient } from '@ips-sdk/client';

const ips = createIpsClient({
  endpoint: process.argv[2],
  auth: { user: 'ann@example.com', password: 'secret' },
  app: { name: 'Bench', version: '1' },
});
const { jobArray } = await ips.getActiveJobs({ companyHandle: 'c|6' });
// Not waiting for a connection that is kept open.
process.exit(jobArray.length === 1 ? 0 : 1);
