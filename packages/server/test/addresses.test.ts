// Names and addresses of machines.
import { expect, it } from 'vitest';
import { addressKey } from '../src/net/address-key.js';
import { isLoopback } from '../src/net/loopback.js';

it.each([
  'localhost',
  'LocalHost',
  'ip6-localhost',
  'ip6-loopback',
  'a.localhost',
  '127.0.0.1',
  '127.9.8.7',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
  '[::FFFF:127.0.0.1]',
])('%s is the machine itself', (host) => expect(isLoopback(host)).toBe(true));

it.each([
  '',
  'localhost.example.com',
  'notlocalhost',
  'example.com',
  '127.1',
  '0x7f000001',
  '2130706433',
  '128.0.0.1',
  '192.168.0.1',
  '0.0.0.0',
  '::',
  '::2',
  '[localhost',
  'localhost]',
  '[::1',
  '::1]',
  'x[::1]',
  '[::1]x',
  'a[.localhost]',
  '[local]host',
])('%s is not', (host) => expect(isLoopback(host)).toBe(false));

it('limits count an IPv4 address, or the network of an IPv6 address, as one client', () => {
  expect(addressKey('192.0.2.1')).toBe('192.0.2.1');
  expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe('32.1.13.184.0.1.0.2');
  expect(addressKey('2001:db8:1:2:ffff::1')).toBe('32.1.13.184.0.1.0.2');
  expect(addressKey('2001:db8:1:3::1')).toBe('32.1.13.184.0.1.0.3');
  for (const none of [undefined, '', 'example.com']) expect(addressKey(none)).toBe('unknown');
});
