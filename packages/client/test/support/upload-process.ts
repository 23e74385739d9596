// An upload in its own process, for tests that kill it: node upload-process.ts ENDPOINT JOURNAL urls|files COUNT|FOLDER
import { createIpsClient } from '@ips-sdk/client';
import { PASSWORD } from './password.ts';

const [endpoint = '', journal = '', kind, what = ''] = process.argv.slice(2);
const ips = createIpsClient({
  endpoint,
  auth: { user: 'ann@example.com', password: PASSWORD },
  companyHandle: 'c|6',
});
const options = { journal, wait: { minDelay: 1, maxDelay: 5 } };
if (kind === 'urls') {
  const list = Array.from({ length: Number(what) }, (_, i) => ({
    sourceUrl: `https://images.example.com/shoe-${i}.tif?sig=s3cret&size=full`,
    destPath: `MyCompany/Shoes/shoe-${i}.tif`,
  }));
  await ips.uploadUrls(list, { ...options, jobSize: 3 });
} else {
  await ips.uploadFiles(what, {
    ...options,
    destFolder: 'MyCompany/Shoes/',
    filesPerRequest: 1,
    concurrency: 2,
  });
}
await ips.close();
