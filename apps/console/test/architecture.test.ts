import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = globSync('src/**/*.{ts,tsx}', { cwd: root });
const filesWith = (pattern: RegExp): string[] => sources.filter((file) => pattern.test(read(file)));

describe('the sources of the console', () => {
  it('are in files of at most 320 lines', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.filter((file) => read(file).split('\n').length > 320)).toEqual([]);
  });

  it('take nothing from the server but types, in one place', () => {
    expect(filesWith(/packages\/server|@ips-sdk\/server/)).toEqual(['src/api/contract.ts']);
    expect(read('src/api/contract.ts')).toMatch(/^export type \* from/m);
    expect(read('package.json')).not.toContain('@ips-sdk/server');
  });

  it('write no HTML from text', () => {
    expect(filesWith(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/)).toEqual([]);
  });

  it('name no other host', () => {
    expect(filesWith(/['"`]https?:\/\//)).toEqual([]);
  });

  it('are started by a page without inline scripts and styles', () => {
    const page = read('index.html');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
  });

  it('use the tokens for colours', () => {
    const styles = globSync('src/**/*.css', { cwd: root }).filter((file) => file !== 'src/styles/tokens.css');
    const own = styles.filter((file) =>
      /#[0-9a-f]{3,8}\b(?![^;]*(?:light-dark|conic))/i.test(
        read(file).replace(/(?:light-dark|conic-gradient)\([^;]*/g, ''),
      ),
    );
    expect(own).toEqual([]);
  });
});
