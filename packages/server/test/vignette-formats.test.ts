// Formats of vignettes: stored, checked and listed, and a warning where a publish would have to render them.
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { serverForEachTest } from './support/shared-server.js';
import { WEB_FORMAT } from './support/vignette-format.js';

const companyHandle = 'c|6';
const WEB = {
  companyHandle,
  ...WEB_FORMAT,
} as const;

let server: IpsServer;
let admin: Connection;
serverForEachTest('instant', (shared) => {
  server = shared;
  admin = connect(server);
});

const formats = async () =>
  (await admin.call('getVignettePublishFormats', { companyHandle })).vignetteFormatArray;

describe('vignette formats', () => {
  it('are listed as they were created, in their order', async () => {
    const first = await admin.call('createVignettePublishFormat', WEB);
    const second = await admin.call('createVignettePublishFormat', {
      ...WEB,
      name: ' Großes Bild ',
      targetWidth: 0,
      targetHeight: 0,
      createPyramid: false,
      usmThreshold: 255,
    });
    expect(first.vignetteFormatHandle).toMatch(/^v\|6\|\d+$/);
    expect(await formats()).toEqual([
      { ...WEB, ...first },
      {
        ...WEB,
        ...second,
        name: 'Großes Bild',
        targetWidth: 0,
        targetHeight: 0,
        createPyramid: false,
        usmThreshold: 255,
      },
    ]);
  });

  it('keep what an update omits, and take what it gives', async () => {
    const format = await admin.call('createVignettePublishFormat', WEB);
    const update = { companyHandle, ...format };
    expect(await admin.call('updateVignettePublishFormat', update)).toEqual(format);
    expect(await formats()).toEqual([{ ...WEB, ...format }]);
    const changes = { name: 'Web 1000', targetWidth: 1000, createPyramid: false, usmAmount: 0 };
    expect(await admin.call('updateVignettePublishFormat', { ...update, ...changes })).toEqual(format);
    expect(await formats()).toEqual([{ ...WEB, ...format, ...changes }]);
  });

  it('accept the handle without its letter, and are gone when deleted', async () => {
    const { vignetteFormatHandle } = await admin.call('createVignettePublishFormat', WEB);
    const bare = { companyHandle, vignetteFormatHandle: vignetteFormatHandle.slice(2) };
    await admin.call('updateVignettePublishFormat', { ...bare, name: 'web & <800>' });
    await admin.call('deleteVignettePublishFormat', bare);
    expect(await formats()).toEqual([]);
    for (const operation of ['updateVignettePublishFormat', 'deleteVignettePublishFormat'] as const)
      expect(await admin.fault(operation, bare)).toMatchObject({
        code: 30001,
        reason: `vignetteFormatHandle: no object has the handle '${bare.vignetteFormatHandle}'`,
      });
  });

  it('have a name that no other format of the company has, whatever its case', async () => {
    await admin.call('createVignettePublishFormat', WEB);
    const other = await admin.call('createVignettePublishFormat', { ...WEB, name: 'Other' });
    const taken = { code: 30001, reason: "name: 'WEB & <800>' already exists" };
    expect(await admin.fault('createVignettePublishFormat', { ...WEB, name: 'WEB & <800>' })).toMatchObject(
      taken,
    );
    expect(
      await admin.fault('updateVignettePublishFormat', { companyHandle, ...other, name: 'WEB & <800>' }),
    ).toMatchObject(taken);
    await server.seed({ companies: [{ name: 'Other' }] });
    await admin.call('createVignettePublishFormat', { ...WEB, companyHandle: 'c|7' });
    expect(await formats()).toHaveLength(2);
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(256) }, 'name'],
    [{ targetWidth: -1 }, 'targetWidth'],
    [{ targetHeight: -1 }, 'targetHeight'],
    [{ thumbWidth: -1 }, 'thumbWidth'],
    [{ saveAsVersion: -1 }, 'saveAsVersion'],
    [{ sharpen: -1 }, 'sharpen'],
    [{ usmAmount: -0.1 }, 'usmAmount'],
    [{ usmRadius: -0.1 }, 'usmRadius'],
    [{ usmThreshold: 256 }, 'usmThreshold'],
    [{ usmThreshold: -1 }, 'usmThreshold'],
    [{ sizeSuffixSeparator: '' }, 'sizeSuffixSeparator'],
    [{ sizeSuffixSeparator: 'a/b' }, 'sizeSuffixSeparator'],
    [{ sizeSuffixSeparator: '..\\' }, 'sizeSuffixSeparator'],
  ])('refuse %j and change nothing', async (bad, field) => {
    const format = await admin.call('createVignettePublishFormat', { ...WEB, name: 'Good' });
    const before = await formats();
    for (const fault of [
      await admin.fault('createVignettePublishFormat', { ...WEB, ...bad }),
      await admin.fault('updateVignettePublishFormat', { companyHandle, ...format, ...bad }),
    ]) {
      expect(fault.code).toBe(30001);
      expect(fault.reason).toMatch(new RegExp(`^${field}: found .+, expected `));
    }
    expect(await formats()).toEqual(before);
  });
});
