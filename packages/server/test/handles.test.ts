// Handles as clients get and give them. A handle that a parser does not read is one of another object, or of none.
import { describe, expect, it } from 'vitest';
import * as handles from '../src/handles.js';

const TEN_DIGITS = '1234567890';
const MOST = '999999999';

describe('handles are written as the service writes them:', () => {
  it.each([
    ['c|6', handles.companyHandle(6)],
    ['u|41|ann@example.com', handles.userHandle({ id: 41, email: 'ann@example.com' })],
    ['a|885289', handles.assetHandle(885289)],
    ['f|MyCompany/Shoes/', handles.folderHandle('MyCompany/Shoes/')],
    ['g|225', handles.groupHandle(225)],
    ['pm|2', handles.permissionSetHandle(2)],
    ['pc|3001', handles.contextHandle(3001)],
    ['i|6|301', handles.imageFormatHandle({ companyId: 6, id: 301 })],
    ['a|34191|8|554', handles.imageMapHandle({ assetId: 34191, id: 554 })],
    ['a|34194|9|301', handles.zoomTargetHandle({ assetId: 34194, id: 301 })],
    ['sa|34194|12', handles.smartCropHandle({ assetId: 34194, id: 12 })],
    ['pt|10801', handles.propertySetTypeHandle(10801)],
    ['ps|941', handles.propertySetHandle(941)],
    ['m|21|IMAGE|size', handles.fieldHandle({ companyId: 21, assetType: 'Image', name: 'size' })],
    ['p|6|Spring', handles.projectHandle({ companyId: 6, name: 'Spring' })],
    ['v|21|281', handles.vignetteFormatHandle({ companyId: 21, id: 281 })],
    ['j|6|Nightly|', handles.triggerHandle(6, 'Nightly', 'documented')],
    ['j|6|Nightly||', handles.triggerHandle(6, 'Nightly', 'recorded')],
    ['j|6||Nightly_1|54091', handles.runHandle({ companyId: 6, name: 'Nightly_1', id: 54091 })],
  ])('%s', (expected, handle) => expect(handle).toBe(expected));
});

/** Handles that a parser reads, with what it finds, and those that it does not read besides those that none reads. */
interface Parser {
  readonly parse: (handle: string) => unknown;
  readonly reads: Readonly<Record<string, unknown>>;
  readonly refuses: readonly string[];
}

const PARSERS: Readonly<Record<string, Parser>> = {
  company: {
    parse: handles.parseCompanyHandle,
    reads: { 'c|6': 6, '6': 6, 'c|0': 0, [`c|${MOST}`]: 999999999 },
    refuses: ['c6', 'cc|6', 'xc|6', 'x6', 'c|6x', 'c|6|', 'c|x', 'c|', 'g|6', `c|${TEN_DIGITS}`],
  },
  user: {
    parse: handles.parseUserHandle,
    reads: {
      'u|41|ann@example.com': 41,
      '41|ann@example.com': 41,
      'u|4|a\nb': 4,
      'u|4|\n': 4,
      [`u|${MOST}|a`]: 999999999,
    },
    refuses: ['u|41', 'u|41|', '41', 'xu|41|a', 'x41|a', 'u|x|a', 'g|41|a', `u|${TEN_DIGITS}|a`],
  },
  asset: {
    parse: handles.parseAssetHandle,
    reads: {
      'a|885289': 885289,
      'a|34191|8|554': 34191,
      '34191|8|554': 34191,
      'a|1|22|333': 1,
      '1|22|333': 1,
      [`a|${MOST}`]: 999999999,
      [`${MOST}|1|1`]: 999999999,
    },
    refuses: [
      '885289',
      'xa|1',
      'sa|1',
      'a|x',
      'a|1x',
      'a|1|8',
      'a|1|8|',
      'a|1|x|5',
      'a|1|8|x',
      'a|1|8|5|',
      '1|8',
      '1|8|',
      '1||5',
      'x1|8|5',
      'x|8|5',
      '1|x|5',
      '1|8|x',
      '1|8|5x',
      `a|${TEN_DIGITS}`,
      `${TEN_DIGITS}|8|5`,
    ],
  },
  group: {
    parse: handles.parseGroupHandle,
    reads: { 'g|225': 225, '225': 225, [`g|${MOST}`]: 999999999 },
    refuses: ['xg|225', 'x225', 'g|225x', 'g|x', 'c|225', 'g|', `g|${TEN_DIGITS}`],
  },
  context: {
    parse: handles.parseContextHandle,
    reads: { 'pc|3001': 3001, [`pc|${MOST}`]: 999999999 },
    refuses: ['3001', 'xpc|3001', 'pc|3001x', 'pc|x', 'ps|3001', `pc|${TEN_DIGITS}`],
  },
  'image format': {
    parse: handles.parseImageFormatHandle,
    reads: {
      'i|6|301': { companyId: 6, id: 301 },
      '6|301': { companyId: 6, id: 301 },
      [`i|${MOST}|${MOST}`]: { companyId: 999999999, id: 999999999 },
    },
    refuses: [
      'xi|6|301',
      'x6|301',
      'i|x|301',
      'i|6|x',
      'i|6|301x',
      'i|6',
      'v|6|301',
      'i|6|301|',
      `i|6|${TEN_DIGITS}`,
      `i|${TEN_DIGITS}|6`,
    ],
  },
  'image map': {
    parse: handles.parseImageMapHandle,
    reads: { 'a|34191|8|554': 554, '34191|8|554': 554, [`a|${MOST}|8|${MOST}`]: 999999999 },
    refuses: [
      'a|34191|9|554',
      'xa|34191|8|554',
      'x34191|8|554',
      'a|x|8|554',
      'a|1|8|x',
      'a|1|8|5x',
      'a|1',
      `a|1|8|${TEN_DIGITS}`,
      `a|${TEN_DIGITS}|8|1`,
    ],
  },
  'zoom target': {
    parse: handles.parseZoomTargetHandle,
    reads: { 'a|34194|9|301': 301, '34194|9|301': 301, [`a|${MOST}|9|${MOST}`]: 999999999 },
    refuses: [
      'a|34194|8|301',
      'xa|34194|9|301',
      'x34194|9|301',
      'a|x|9|301',
      'a|1|9|x',
      'a|1|9|5x',
      'a|1',
      `a|1|9|${TEN_DIGITS}`,
      `a|${TEN_DIGITS}|9|1`,
    ],
  },
  'smart crop': {
    parse: handles.parseSmartCropHandle,
    reads: {
      'sa|34194|12': { assetId: 34194, id: 12 },
      'sa|1|2': { assetId: 1, id: 2 },
      [`sa|${MOST}|${MOST}`]: { assetId: 999999999, id: 999999999 },
    },
    refuses: [
      '34194|12',
      'xsa|1|2',
      'sa|0|2',
      'sa|1|0',
      'sa|1|2x',
      'sa|x|2',
      'sa|1|x',
      'sa|1x|2',
      'sa|1',
      'a|1|2',
      `sa|1|${TEN_DIGITS}`,
      `sa|${TEN_DIGITS}|1`,
    ],
  },
  'property set type': {
    parse: handles.parsePropertySetTypeHandle,
    reads: { 'pt|10801': 10801, [`pt|${MOST}`]: 999999999 },
    refuses: ['10801', 'xpt|10801', 'pt|10801x', 'pt|x', 'ps|10801', `pt|${TEN_DIGITS}`],
  },
  'property set': {
    parse: handles.parsePropertySetHandle,
    reads: { 'ps|941': 941, [`ps|${MOST}`]: 999999999 },
    refuses: ['941', 'xps|941', 'ps|941x', 'ps|x', 'pt|941', `ps|${TEN_DIGITS}`],
  },
  'vignette format': {
    parse: handles.parseVignetteFormatHandle,
    reads: {
      'v|21|281': { companyId: 21, id: 281 },
      '21|281': { companyId: 21, id: 281 },
      [`v|${MOST}|${MOST}`]: { companyId: 999999999, id: 999999999 },
    },
    refuses: [
      'xv|21|281',
      'x21|281',
      'v|x|281',
      'v|21|x',
      'v|21|281x',
      'v|21',
      'i|21|281',
      `v|21|${TEN_DIGITS}`,
      `v|${TEN_DIGITS}|21`,
    ],
  },
  folder: {
    parse: handles.parseFolderHandle,
    reads: {
      'f|MyCompany/Shoes/': 'MyCompany/Shoes/',
      'f|MyCompany/Shoes': 'MyCompany/Shoes/',
      'MyCompany/': 'MyCompany/',
      MyCompany: 'MyCompany/',
      'xf|y': 'xf|y/',
    },
    refuses: ['f|'],
  },
  project: {
    parse: handles.parseProjectHandle,
    reads: {
      'p|6|Spring': { companyId: 6, name: 'Spring' },
      '6|Spring': { companyId: 6, name: 'Spring' },
      'p|6|a|b': { companyId: 6, name: 'a|b' },
      'p|6|a\nb': { companyId: 6, name: 'a\nb' },
      [`p|${MOST}|a`]: { companyId: 999999999, name: 'a' },
    },
    refuses: ['p|6', 'p|6|', 'xp|6|Spring', 'x6|Spring', 'p|x|Spring', 'v|6|Spring', `p|${TEN_DIGITS}|a`],
  },
  field: {
    parse: handles.parseFieldHandle,
    reads: {
      'm|21|IMAGE|size': { companyId: 21, assetType: 'IMAGE', name: 'size' },
      '21|Image|a|b': { companyId: 21, assetType: 'IMAGE', name: 'a|b' },
      'm|1|A|a\nb': { companyId: 1, assetType: 'A', name: 'a\nb' },
      [`m|${MOST}|A|a`]: { companyId: 999999999, assetType: 'A', name: 'a' },
    },
    refuses: [
      'xm|21|IMAGE|size',
      'x21|IMAGE|size',
      'm|x|IMAGE|size',
      'm|21|IM4GE|size',
      'm|21||size',
      'm|21|IMAGE|',
      'm|21|IMAGE',
      'p|21|IMAGE|size',
      `m|${TEN_DIGITS}|A|a`,
    ],
  },
};

describe.each(Object.entries(PARSERS))('the handle of a %s', (kind, { parse, reads, refuses }) => {
  it.each(Object.entries(reads))('is read: %j', (handle, expected) =>
    expect(parse(handle)).toEqual(expected),
  );
  // A folder is any path that is not empty.
  const none = kind === 'folder' ? [''] : ['', 'x', '|', 'c|6\nx', '٣'];
  it.each([...none, ...refuses])('is not %j', (handle) => expect(parse(handle)).toBeUndefined());
});
