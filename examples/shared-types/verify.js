// The API against a stand-in for the service, and the report on what it answers.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createApi } from '@example/api';
import { report } from '@example/report';
import { createIpsClient } from '@ips-sdk/client';

const job = `<companyHandle>c|6</companyHandle><jobHandle>j|6||Shoes|1</jobHandle><name>Shoes_1</name><originalName>Shoes</originalName>
<type>UrlUpload</type><state>Running</state><submitUserEmail>ann@example.com</submitUserEmail><serverName>w</serverName>
<startDate>2014-04-03T22:00:00Z</startDate><triggerTime>2014-04-03T22:00:00Z</triggerTime><totalSize>1</totalSize>
<progress>40</progress><progressMessage/><lastProgressUpdate>2014-04-03T22:00:00Z</lastProgressUpdate><taskProgressArray/>`;
const service = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'text/xml');
  response.end(
    `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><getActiveJobsReturn xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><jobArray><items>${job}</items></jobArray></getActiveJobsReturn></Body></Envelope>`,
  );
});
const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

const ips = createIpsClient({
  endpoint: `http://127.0.0.1:${await listen(service)}/scene7/services/IpsApiService`,
  auth: { user: 'ann@example.com', password: 'secret' },
  app: { name: 'api', version: '1' },
});
const api = createServer(createApi(ips));
const jobs = await (await fetch(`http://127.0.0.1:${await listen(api)}/jobs`)).json();
assert.deepEqual(jobs, [
  { jobHandle: 'j|6||Shoes|1', originalName: 'Shoes', state: 'Running', progress: 40 },
]);
assert.equal(report(jobs), 'Shoes: Running, 40 %');
await ips.close();
service.close();
api.close();
api.closeAllConnections();
service.closeAllConnections();
console.log('two apps share one package of types');
