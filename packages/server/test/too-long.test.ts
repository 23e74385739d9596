import { expect, it } from 'vitest';
import { faultOf } from '../src/operations/admission.js';
import type { Services } from '../src/services.js';

it('a text that an index of the database has no room for is a fault of the request', () => {
  // It needs the log only for errors of the server.
  const services = {} as Services;
  const cause = Object.assign(new Error('index row size 2848 exceeds btree version 4 maximum 2704'), {
    code: '54000',
  });
  expect(faultOf(services, 'saveProject', new Error('Failed query', { cause }))).toMatchObject({
    code: 30001,
    reason: 'A name or a path is too long: found more than about 2600 bytes',
  });
});
