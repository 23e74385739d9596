// The client of the soap package, which npm installs with this one.
import assert from 'node:assert/strict';
import { createIpsClient } from '@ips-sdk/client';

const ips = createIpsClient({ region: 'na', auth: { accessToken: 'token' }, companyHandle: 'c|6' });
const soap = await ips.soap;
assert.equal(typeof soap.getActiveJobsAsync, 'function');
assert.equal(soap.getSoapHeaders().length, 1);
await ips.close();
console.log('ips.soap is a client of soap');
