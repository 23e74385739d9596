import { createClientAsync } from 'soap';

const [, , endpoint, wsdl] = process.argv;
const client = await createClientAsync(wsdl, {}, endpoint);
const header = { user: 'ann@example.com', password: 'secret', appName: 'Bench', appVersion: '1' };
client.addSoapHeader({ authHeader: header });
const [{ jobArray }] = await client.getActiveJobsAsync({ companyHandle: 'c|6' });
process.exit(jobArray.items.length === 1 ? 0 : 1);
