// What is done with paths on Windows, by the rules of its paths. It runs everywhere.
import { win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { safeFileName } from '../src/http/file-name.js';
import { destFolderBelow, destPathOf } from '../src/uploads/dest-path.js';
import { FileSelection } from '../src/uploads/file-rules.js';

const LONG = `C:\\${'photos\\'.repeat(60)}`;

describe('destinations of files on Windows', () => {
  it.each([
    ['C:\\photos', 'C:\\photos\\red.tif', 'red.tif'],
    ['C:\\photos', 'C:\\photos\\new shoes\\red.tif', 'new shoes/red.tif'],
    ['C:/photos', 'C:\\photos/new\\red.tif', 'new/red.tif'],
    ['\\\\nas\\art', '\\\\nas\\art\\2026\\red.tif', '2026/red.tif'],
    ['\\\\?\\C:\\photos', '\\\\?\\C:\\photos\\a\\red.tif', 'a/red.tif'],
    [LONG, `${LONG}deep\\red.tif`, 'deep/red.tif'],
  ])('below %s: %s', (root, path, expected) => {
    const below = win32.relative(win32.resolve(root), win32.resolve(path));
    expect(destPathOf('MyCompany/', below, win32)).toBe(`MyCompany/${expected}`);
  });

  it('are given with slashes of both kinds', () => {
    expect(destPathOf('MyCompany/', 'Shoes\\new/red.tif', win32)).toBe('MyCompany/Shoes/new/red.tif');
    expect(destFolderBelow('MyCompany/', '.\\Shoes\\', win32)).toBe('MyCompany/Shoes/');
    expect(() => destPathOf('MyCompany/', '..\\red.tif', win32)).toThrow('below the folder');
    expect(() => destPathOf('MyCompany/', 'Shoes\\', win32)).toThrow('name of a file');
  });

  it('keep a backslash that is part of a name elsewhere', async () => {
    const { posix } = await import('node:path');
    expect(destPathOf('MyCompany/', 'a\\b.tif', posix)).toBe('MyCompany/a\\b.tif');
  });
});

describe('rules for files on Windows', () => {
  const at = (below: string, isFolder = false) => ({
    path: `C:\\photos\\${below}`,
    below,
    isFolder,
    isGiven: false,
  });

  it.each([
    ['*.tif', 'raw\\RED.TIF', true],
    ['raw\\*.tif', 'raw\\red.tif', true],
    ['raw/*.tif', 'raw\\red.tif', true],
    ['raw\\**', 'raw\\a\\b.tif', true],
    ['.\\raw\\*.tif', 'raw\\red.tif', true],
    ['C:\\photos\\raw\\*', 'raw\\red.tif', true],
    ['*.tif', 'raw\\red.psd', false],
    ['raw\\*.tif', 'red.tif', false],
  ])('%s and %s', (pattern, below, expected) => {
    expect(new FileSelection({ include: pattern }, win32).includes(at(below))).toBe(expected);
    expect(new FileSelection({ exclude: pattern }, win32).leavesOut(at(below))).toBe(
      expected ? 'exclude' : undefined,
    );
  });

  it('leave out folders and files of the system', () => {
    const selection = new FileSelection({}, win32);
    expect(selection.leavesOut(at('a\\$RECYCLE.BIN', true))).toBe('system');
    expect(selection.leavesOut(at('a\\desktop.INI'))).toBe('system');
    expect(selection.leavesOut(at('a\\.vscode', true))).toBe('hidden');
    expect(new FileSelection({ exclude: 'raw\\' }, win32).leavesOut(at('raw', true))).toBe('exclude');
  });
});

describe('the name of a file that is saved', () => {
  it.each([
    ['Shoes.zip', 'Shoes.zip'],
    ['CON.zip', 'CON_.zip'],
    ['con', 'con_'],
    ['nul.tar.gz', 'nul_.tar.gz'],
    ['LPT¹.zip', 'LPT¹_.zip'],
    ['CONIN$', 'CONIN$_'],
    ['COM10.zip', 'COM10.zip'],
    ['console.zip', 'console.zip'],
    ['What? 50% <new>: "a*b|c".zip', 'What_ 50% _new__ _a_b_c_.zip'],
    ['..\\..\\Windows\\x.zip', '__.._Windows_x.zip'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['name. . .', 'name'],
    ['stream.zip:hidden', 'stream.zip_hidden'],
    ['...', '_'],
    [' ', ''],
    ['a\u0000b\n.zip', 'a_b_.zip'],
    ['\uD800.zip', '\uFFFD.zip'],
  ])('%j becomes %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  it('is not too long for any file system, and keeps its suffix', () => {
    const long = safeFileName(`${'ü'.repeat(500)}.zip`);
    expect(long).toMatch(/^ü+\.zip$/);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200);
  });
});
