import assert from 'node:assert/strict';
import { createIpsClient, IpsFault } from '@ips-sdk/client';

const ips = createIpsClient({
  endpoint: 'http://127.0.0.1:9/scene7/services/IpsApiService',
  auth: { user: 'ann@example.com', password: 'secret' },
  companyHandle: 'c|6',
  app: { name: 'Example', version: '1' },
});

// The XML that would be sent: elements in the order of the contract, whatever the order here.
const xml = await ips.preview('submitJob', {
  jobName: 'Nightly',
  execTime: new Date('2014-04-03T22:00:00-07:00'),
  imageServingPublishJob: { emailSetting: 'None', publishType: 'Full' },
});
assert.match(
  xml,
  /<companyHandle>c\|6<\/companyHandle><jobName>Nightly<\/jobName><execTime>2014-04-04T05:00:00.000Z/,
);
assert.match(xml, /<publishType>Full<\/publishType><emailSetting>None<\/emailSetting>/);

// Nobody listens there: the error says so, and it is no fault of the service.
await assert.rejects(ips.getActiveJobs({}, { retry: false }), (error) => !(error instanceof IpsFault));
await ips.close();
console.log(
  `the client works as an ES module on ${process.versions.bun ? `Bun ${process.versions.bun}` : `Node.js ${process.version}`}`,
);
