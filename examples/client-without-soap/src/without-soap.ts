// The client as `npm install --omit=optional` installs it: the declarations compile, calls are made, and ips.soap names what it needs.
import assert from 'node:assert/strict';
import { createIpsClient, type SoapClient } from '@ips-sdk/client';

const ips = createIpsClient({ region: 'na', auth: { accessToken: 'token' }, companyHandle: 'c|6' });
assert.match(await ips.preview('getActiveJobs', {}), /<companyHandle>c\|6<\/companyHandle>/);

const soap: Promise<SoapClient> = ips.soap;
await assert.rejects(soap, {
  message: 'ips.soap: the optional package soap is not installed; run npm install soap',
});
await ips.close();
