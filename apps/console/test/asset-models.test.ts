import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AssetRow, FolderNode } from '../src/api/contract.ts';
import { describeCrop, dragCrop, nudgeCrop } from '../src/assets/crop-geometry.ts';
import { formatCommands, parseCommands } from '../src/assets/delivery-commands.ts';
import { describeAsset } from '../src/assets/describe-asset.ts';
import { type Children, pathsTo, treeMove, treeRows } from '../src/folders/folder-tree-model.ts';

const folder = (path: string, hasSubfolders = false): FolderNode => ({
  folderHandle: `f|${path}`,
  path,
  name: path.split('/').at(-2) ?? '',
  hasSubfolders,
  lastModified: '2026-11-26T00:00:00Z',
});

describe('the tree of folders', () => {
  const root = { name: 'MyCompany', path: '' };
  const children = new Map<string, Children>([
    ['', [folder('MyCompany/Bags/'), folder('MyCompany/Shoes/', true)]],
    ['MyCompany/Shoes/', [folder('MyCompany/Shoes/Boots/')]],
  ]);
  const rows = treeRows(root, children, new Set(['', 'MyCompany/Shoes/']));

  test('lists open folders with their level and place', () => {
    expect(rows.map(({ name, level, position, siblings }) => [name, level, position, siblings])).toEqual([
      ['MyCompany', 1, 1, 1],
      ['Bags', 2, 1, 2],
      ['Shoes', 2, 2, 2],
      ['Boots', 3, 1, 1],
    ]);
  });

  test('says what an open folder without children waits for', () => {
    expect(treeRows(root, new Map(), new Set(['']))[0]?.note).toBe('reading…');
    expect(treeRows(root, new Map([['', { problem: 'no' }]]), new Set(['']))[0]?.note).toBe('no');
  });

  test.each([
    ['', 'ArrowDown', { kind: 'focus', path: 'MyCompany/Bags/' }],
    ['', 'ArrowLeft', { kind: 'close', path: '' }],
    ['', 'ArrowUp', undefined],
    ['MyCompany/Shoes/', 'ArrowRight', { kind: 'focus', path: 'MyCompany/Shoes/Boots/' }],
    ['MyCompany/Shoes/Boots/', 'ArrowLeft', { kind: 'focus', path: 'MyCompany/Shoes/' }],
    ['MyCompany/Bags/', 'ArrowRight', undefined],
    ['MyCompany/Bags/', 'End', { kind: 'focus', path: 'MyCompany/Shoes/Boots/' }],
    ['gone', 'Home', undefined],
  ])('in %j, %s', (path, key, move) => {
    expect(treeMove(rows, path, key)).toEqual(move);
  });

  test('opens a closed folder with the right arrow', () => {
    const closed = treeRows(root, children, new Set(['']));
    expect(treeMove(closed, 'MyCompany/Shoes/', 'ArrowRight')).toEqual({
      kind: 'open',
      path: 'MyCompany/Shoes/',
    });
  });

  test('knows the folders above', () => {
    expect(pathsTo('MyCompany/Shoes/Boots/')).toEqual([
      'MyCompany/',
      'MyCompany/Shoes/',
      'MyCompany/Shoes/Boots/',
    ]);
    expect(pathsTo('')).toEqual([]);
  });
});

describe('a smart crop', () => {
  const side = fc.double({ min: 0.05, max: 0.9, noNaN: true });
  const delta = fc.double({ min: -2, max: 2, noNaN: true });
  const crop = fc
    .tuple(side, side, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([widthN, heightN, x, y]) => ({
      widthN,
      heightN,
      leftN: x * (1 - widthN),
      topN: y * (1 - heightN),
    }));
  const grip = fc.constantFrom('move', 'topLeft', 'topRight', 'bottomLeft', 'bottomRight');

  test('stays in the image and keeps its shape, however it is dragged', () => {
    fc.assert(
      fc.property(crop, grip, delta, delta, (rect, at, dx, dy) => {
        const next = dragCrop(rect, at, dx, dy);
        expect(next.leftN).toBeGreaterThanOrEqual(0);
        expect(next.topN).toBeGreaterThanOrEqual(0);
        expect(next.widthN).toBeGreaterThan(0);
        expect(next.heightN).toBeGreaterThan(0);
        expect(next.leftN + next.widthN).toBeLessThanOrEqual(1 + 1e-9);
        expect(next.topN + next.heightN).toBeLessThanOrEqual(1 + 1e-9);
        expect(next.widthN / next.heightN).toBeCloseTo(rect.widthN / rect.heightN, 2);
      }),
    );
  });

  const rect = { leftN: 0.25, topN: 0.25, widthN: 0.5, heightN: 0.5 };

  test('keeps the opposite corner', () => {
    expect(dragCrop(rect, 'topLeft', 0.1, 0.1)).toEqual({
      leftN: 0.35,
      topN: 0.35,
      widthN: 0.4,
      heightN: 0.4,
    });
    expect(dragCrop(rect, 'bottomRight', 0.2, 0)).toEqual({
      leftN: 0.25,
      topN: 0.25,
      widthN: 0.7,
      heightN: 0.7,
    });
  });

  test('follows the arrows', () => {
    expect(nudgeCrop(rect, 'ArrowRight', { isResizing: false, step: 0.01 })?.leftN).toBe(0.26);
    expect(nudgeCrop(rect, 'ArrowLeft', { isResizing: true, step: 0.1 })?.widthN).toBe(0.4);
    expect(nudgeCrop(rect, 'ArrowDown', { isResizing: true, step: 0.1 })?.heightN).toBe(0.6);
    expect(nudgeCrop(rect, 'Enter', { isResizing: false, step: 0.1 })).toBeUndefined();
    expect(nudgeCrop(rect, 'constructor', { isResizing: false, step: 0.1 })).toBeUndefined();
    expect(describeCrop(rect)).toBe('left 25 %, top 25 %, width 50 %, height 50 %');
  });
});

describe('the commands of a delivery URL', () => {
  test('are taken apart', () => {
    expect(parseCommands('wid=300&fit=constrain,1&$Large$&bgc=255%2C0%2C0')).toEqual([
      { name: 'wid', value: '300' },
      { name: 'fit', value: 'constrain,1' },
      { name: '$Large$', value: '' },
      { name: 'bgc', value: '255,0,0' },
    ]);
    expect(parseCommands('&wid=%E0%A4%A')).toEqual([{ name: 'wid', value: '%E0%A4%A' }]);
    expect(parseCommands('')).toEqual([]);
  });

  test('come back as they were written', () => {
    expect(formatCommands(parseCommands('wid=300&$Large$&fit=constrain,1'))).toBe(
      'wid=300&$Large$&fit=constrain,1',
    );
    const pair = fc.record({ name: fc.string({ minLength: 1 }), value: fc.string({ minLength: 1 }) });
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        expect(parseCommands(formatCommands(pairs))).toEqual(pairs);
      }),
    );
  });
});

describe('an asset in words', () => {
  const row: AssetRow = {
    assetHandle: 'a|1',
    name: 'red',
    type: 'Image',
    folder: 'MyCompany/',
    readyForPublish: true,
    isInTrash: false,
  };

  test.each([
    [{ width: 1200, height: 800 }, '1,200 × 800 · marked'],
    [{}, 'Image · marked'],
    [{ type: 'Video', width: 1920, height: 1080 }, 'Video · 1,920 × 1,080 · marked'],
    [{ type: 'Pdf', fileSize: 2_700_000 }, 'PDF · 2.7 MB · marked'],
    [{ width: 60, height: 40, isInTrash: true }, '60 × 40 · in the trash'],
    [{ width: 60, height: 40, readyForPublish: false }, '60 × 40'],
  ])('%o: %s', (more, words) => expect(describeAsset({ ...row, ...more })).toBe(words));
});
