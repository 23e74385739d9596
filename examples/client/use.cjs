// CommonJS can require ES modules since Node.js 22.12.
const assert = require('node:assert/strict');
const { createIpsClient, parseJobHandle } = require('@ips-sdk/client');

assert.equal(parseJobHandle('j|6|Nightly|').name, 'Nightly');
const ips = createIpsClient({ region: 'emea', stage: 'staging', auth: { accessToken: 'token' } });
assert.equal(ips.endpoints.soap, 'https://s7sps3apissl-staging.scene7.com/scene7/services/IpsApiService');
ips.close().then(() => console.log(`the client works in CommonJS on Node.js ${process.version}`));
