// Texts in requests are bounded, for every operation and transport, so that what the server stores is.
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { longText, TEXT_LIMITS } from '../src/text-limits.js';
import { type Connection, connect } from './support/call.js';
import { plantAssets } from './support/plant-assets.js';
import { serverForFile } from './support/shared-server.js';

const companyHandle = 'c|6';
const long = (limit: number): string => 'x'.repeat(limit + 1);

describe('the first text that is too long', () => {
  const none = () => false;

  it('is found in fields, lists and structures', () => {
    const text = long(TEXT_LIMITS.text);
    const found = { length: TEXT_LIMITS.text + 1, limit: TEXT_LIMITS.text };
    expect(longText({ name: text }, none)).toEqual({ path: 'name', ...found });
    expect(longText({ nameArray: ['x', text] }, none)).toEqual({ path: 'nameArray[1]', ...found });
    expect(longText({ updateArray: [{}, { value: text }] }, none)).toEqual({
      path: 'updateArray[1].value',
      ...found,
    });
    expect(longText({ job: { urlArray: [{ sourceUrl: text }] } }, none)?.path).toBe(
      'job.urlArray[0].sourceUrl',
    );
  });

  it('depends on the field', () => {
    const setDefinition = long(TEXT_LIMITS.text);
    expect(longText({ setDefinition }, none)).toBeUndefined();
    expect(longText({ setDefinition: long(TEXT_LIMITS.setDefinition) }, none)).toMatchObject({
      limit: TEXT_LIMITS.setDefinition,
    });
  });

  it('is none at the limit, in contents, and in what has no texts', () => {
    const input = {
      name: 'x'.repeat(TEXT_LIMITS.text),
      setDefinition: 'x'.repeat(TEXT_LIMITS.setDefinition),
      metadata: long(TEXT_LIMITS.text),
      bytes: new Uint8Array(TEXT_LIMITS.text + 1),
      date: new Date(),
      count: 1,
      missing: undefined,
      nothing: null,
    };
    expect(longText(input, (field) => field === 'metadata')).toBeUndefined();
  });
});

describe('requests', () => {
  let server: IpsServer;
  let admin: Connection;
  let assetHandle: string;
  serverForFile('manual', async (shared) => {
    server = shared;
    admin = connect(server);
    [assetHandle = ''] = await plantAssets(server, [{ name: 'open' }]);
  });

  const tooLong = (path: string, limit: number) => ({
    code: 30001,
    reason: `${path}: found ${limit + 1} characters, expected at most ${limit}`,
  });

  it('with texts that are too long are refused', async () => {
    const { text, name, setDefinition } = TEXT_LIMITS;
    expect(
      await admin.fault('setUrlModifier', { companyHandle, assetHandle, urlModifier: long(text) }),
    ).toMatchObject(tooLong('urlModifier', text));
    expect(
      await admin.fault('createAssetSet', {
        companyHandle,
        folderHandle: 'f|SampleCompany/',
        name: 'set',
        subType: '',
        setDefinition: long(setDefinition),
      }),
    ).toMatchObject(tooLong('setDefinition', setDefinition));
    expect(
      await admin.fault('submitJob', {
        companyHandle,
        jobName: long(name),
        imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
      }),
    ).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^jobName: found '.*, expected a name of 1 to 255 characters/),
    });
    // The fault does not repeat what may be a password.
    const password = await admin.fault('setPassword', { password: long(text) });
    expect(password).toMatchObject({ code: 30001 });
    expect(password.reason).not.toContain('xxx');
  });

  it('with settings of viewers and of publish contexts that are too long are refused', async () => {
    const { setting, name } = TEXT_LIMITS;
    const preset = (configSettingArray: { name: string; value?: string }[]) => ({
      companyHandle,
      folderHandle: 'f|SampleCompany/',
      name: 'zoom',
      type: 'BasicZoom',
      configSettingArray,
    });
    expect(
      await admin.fault('createViewerPreset', preset([{ name: 'step', value: long(setting) }])),
    ).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^configSettingArray\[0\]\.value: .*at most 10000 characters$/),
    });
    expect(await admin.fault('createViewerPreset', preset([{ name: long(name) }]))).toMatchObject({
      code: 30001,
      reason: expect.stringContaining('configSettingArray[0].name'),
    });
    const publishSettingArray = [
      { name: 'a', value: 'b' },
      { name: 'step', value: long(setting) },
    ];
    expect(
      await admin.fault('setImageServingPublishSettings', { companyHandle, publishSettingArray }),
    ).toMatchObject({ code: 30001, reason: expect.stringContaining('publishSettingArray[1].value') });
    const many = Array.from({ length: 1001 }, (_, index) => ({ name: `s${index}`, value: '' }));
    expect(
      await admin.fault('setImageServingPublishSettings', { companyHandle, publishSettingArray: many }),
    ).toMatchObject({ code: 30000, reason: expect.stringContaining('at most 1000') });
    await admin.call('createViewerPreset', preset([{ name: 'step', value: 'x'.repeat(setting) }]));
  });
});
