import { describe, expect, it } from 'vitest';
import { commands, findCommand, parseRequest, steps } from '../src/index.js';

const entries = Object.entries(commands);

describe('the table of commands', () => {
  it('has the 79 documented commands, their 10 other units, and one addition', () => {
    const units = entries.filter(([name, { pair }]) => pair !== undefined && /N$/.test(name)).length;
    expect(units).toBe(8);
    expect(entries).toHaveLength(79 + 10 + 1);
  });

  it.each(entries)('%s has a step, a source and examples that parse', (name, command) => {
    expect(command.step).toBeGreaterThanOrEqual(1);
    expect(command.step).toBeLessThanOrEqual(steps.length);
    expect(command.source).toMatch(/^r-[\w/-]+\.md$/);
    expect(findCommand(name.toUpperCase())).toBe(name);
    if (command.support === 'none') expect(command.example).toBeUndefined();
    else {
      const { ignored } = parseRequest(command.example);
      expect(ignored).toEqual([]);
      expect(command.example?.toLowerCase()).toMatch(new RegExp(`(^|&)${name.toLowerCase()}=`));
    }
  });

  it('has pairs that know each other', () => {
    for (const [name, { pair }] of entries)
      if (pair !== undefined) expect(commands[pair as keyof typeof commands].pair).toBe(name);
  });

  it('names defaults that parse', () => {
    for (const [name, command] of entries) {
      if (command.default === undefined || / /.test(command.default) || name === 'layer') continue;
      if (/^(?:DefaultImage|JpegQuality|ResMode)/.test(command.default)) continue;
      expect(() => parseRequest(`${name}=${command.default}`), name).not.toThrow();
    }
  });

  it('supports at least 50 of the documented commands', () => {
    const documented = entries.filter(([name]) => name !== 'rgnN');
    expect(documented.filter(([, { support }]) => support !== 'none').length).toBeGreaterThanOrEqual(50);
  });
});
