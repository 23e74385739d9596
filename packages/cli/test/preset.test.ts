import { describe, expect, it } from 'vitest';
import { EXIT } from '../src/exit-code.js';
import { startService } from './support/company-service.js';
import { account, ips } from './support/ips.js';

describe('ips preset', () => {
  it('lists names and commands', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    const { code, stdout } = await ips(['preset', 'list'], { env });
    expect(code).toBe(EXIT.ok);
    expect(stdout).toBe('Large\twid=1200&qlt=90\t6|301\nThumb\twid=100\t6|302\n');
    const { stdout: json } = await ips(['preset', 'ls', '--json', 'name,urlModifier'], { env });
    expect(JSON.parse(json)[1]).toEqual({ name: 'Thumb', urlModifier: 'wid=100' });
  });

  it('prints the handle of a saved preset', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    const { stdout, stderr } = await ips(['preset', 'save', 'New', 'wid=5'], { env });
    expect(stdout).toBe('6|303\n');
    expect(stderr).toContain('created New');
    const changed = await ips(['preset', 'save', 'Large', 'wid=5', '--json', 'imageFormatHandle'], { env });
    expect(JSON.parse(changed.stdout)).toEqual({ imageFormatHandle: '6|301' });
    expect(changed.stderr).toContain('changed Large');
  });

  it.each([
    ['save', 'New one', 'wid=5'],
    ['save', 'New$', 'wid=5', '--dry-run'],
    ['save', 'Large', 'wid=5', '--rename', 'Très'],
  ])('refuses a name that image URLs cannot call: %s %s', async (...args) => {
    const service = await startService();
    const { code, stderr } = await ips(['preset', ...args], { env: account(service.endpoint) });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/image URLs cannot call a preset named "(?:New one|New\$|Très)"/);
    expect(service.operations()).not.toContain('saveImageFormat');
  });

  it('changes and renames a preset that has such a name already', async () => {
    const service = await startService();
    service.on('getImageFormats', () => ({
      imageFormatArray: [{ imageFormatHandle: '6|304', name: 'Old one', urlModifier: '' }],
    }));
    const env = account(service.endpoint);
    const { code, stderr } = await ips(['preset', 'save', 'old ONE', 'wid=5'], { env });
    expect(code).toBe(EXIT.ok);
    expect(stderr).toContain('changed');
    expect((await ips(['preset', 'save', 'Old one', 'wid=5', '--rename', 'Old.one'], { env })).code).toBe(
      EXIT.ok,
    );
  });

  it.each([
    ['save', 'Medium', 'wid=5', '--rename', 'New'],
    ['save', '6|999', 'wid=5'],
    ['delete', 'Large', 'Medium', '--yes'],
  ])('changes nothing for a preset that does not exist: %s %s', async (...args) => {
    const service = await startService();
    const { code, stderr } = await ips(['preset', ...args], { env: account(service.endpoint) });
    expect(code).toBe(EXIT.service);
    expect(stderr).toMatch(/no image preset is named "(?:Medium|6\|999)"/);
    expect(service.operations()).not.toContain('saveImageFormat');
    expect(service.operations()).not.toContain('deleteImageFormat');
  });

  it('deletes each preset once', async () => {
    const service = await startService();
    const env = account(service.endpoint);
    await ips(['preset', 'delete', 'Large', '6|301', 'Thumb', '--yes'], { env });
    expect(service.operations().filter((name) => name === 'deleteImageFormat')).toHaveLength(2);
  });
});
