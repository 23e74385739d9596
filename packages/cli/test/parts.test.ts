import { nearest } from '@ips-sdk/types/nearest';
import { describe, expect, it } from 'vitest';
import { byteSize } from '../src/byte-size.js';
import { parseCsv, parseCsvTable } from '../src/commands/csv.js';
import { duration } from '../src/duration.js';
import { painter } from '../src/output/colors.js';
import { bytes, span } from '../src/output/columns.js';
import { csvLine } from '../src/output/csv-line.js';
import { indentXml } from '../src/output/indent-xml.js';
import { redactXml } from '../src/output/redact-xml.js';
import { printable, printableJson, printableLine, tsvValue } from '../src/output/sanitize.js';
import { table } from '../src/output/table.js';
import { bar } from '../src/progress/bar.js';
import { Speed } from '../src/progress/speed.js';
import { quoted } from '../src/quoted.js';

const plain = painter(false);

describe('CSV', () => {
  it('has quoted values with commas, quotes and line breaks, and line numbers', () => {
    expect(parseCsv('\ufeffa,"b ""c"", d"\r\n\r\n"x\ny",\nlast')).toEqual([
      { line: 1, values: ['a', 'b "c", d'] },
      { line: 3, values: ['x\ny', ''] },
      { line: 5, values: ['last'] },
    ]);
  });

  it('with an unclosed quote is refused with its line', () => {
    expect(() => parseCsv('a\n"b')).toThrow('line 2: unclosed quote');
    expect(() => parseCsv('"a"b')).toThrow('line 1: expected a delimiter');
    expect(() => parseCsv('a\n\n"b\nc",d\n5" shoe,x')).toThrow('line 5: quote inside an unquoted value');
  });

  it.each([70_000, 1_000_000])('keeps a value of %d characters whole', (length) => {
    const long = 'x'.repeat(length);
    expect(parseCsv(`${long},a\n"${long}",b\n`)).toEqual([
      { line: 1, values: [long, 'a'] },
      { line: 2, values: [long, 'b'] },
    ]);
  });

  it('may mix line ends', () => {
    expect(parseCsv('a\r\nb\nc\rd\n \n').map(({ line, values }) => [line, ...values])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ]);
  });

  it.each([',', ';', '\t'])('with a header may have %j between values', (delimiter) => {
    const text = [
      ['Path', 'Size (a, b)'],
      ['a,b;c', '1'],
    ]
      .map((values) => values.map((value) => `"${value}"`).join(delimiter))
      .join('\r\n');
    expect(parseCsvTable(`\ufeff${text}`)).toEqual({
      names: ['path', 'size (a, b)'],
      records: [{ line: 2, values: ['a,b;c', '1'] }],
    });
  });

  it('round-trips', () => {
    const values = ['plain', 'a,b', 'say "x"', 'two\r\nlines', ' ends ', '', 'ü'];
    expect(parseCsv(csvLine(values))).toEqual([{ line: 1, values }]);
    expect(csvLine([1n, true, undefined, null, ['a'], 'b'])).toBe('1,true,,,"[""a""]",b\n');
  });
});

it('sizes are parsed', () => {
  const sizes = ['500', '500B', '1.5 kB', '500MB', '1GB', '2g', '1KiB', '1 MiB'];
  expect(sizes.map(byteSize)).toEqual([500, 500, 1500, 5e8, 1e9, 2e9, 1024, 1_048_576]);
  expect(['', 'GB', '-1', '1e9', '1,5GB', '1 parsec'].map(byteSize)).toEqual(Array(6).fill(undefined));
});

it('durations are parsed and formatted', () => {
  expect(['90', '90s', '10m', '1h30m', '7d', '300ms'].map(duration)).toEqual([
    90_000, 90_000, 600_000, 5_400_000, 604_800_000, 300,
  ]);
  for (const bad of ['', 'soon', '5 minutes', '1y', '-5s'])
    expect(() => duration(bad)).toThrow('expected a duration');
  expect([0, 59_400, 60_000, 200_000, 3_600_000, 7_500_000].map(span)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '3 min 20 s',
    '1 h',
    '2 h 5 min',
  ]);
  expect([999, 1000, 999_600, 12_345_678].map(bytes)).toEqual(['999 B', '1.0 kB', '1.0 MB', '12 MB']);
});

it('the nearest word is found, or none', () => {
  expect(nearest('lsit', ['list', 'last'])).toBe('list');
  expect(nearest('xyz', ['list', 'get'])).toBeUndefined();
});

describe('text from the service', () => {
  const text = 'a\u001b[31mb\u0007\r\n\tc\u009b\u202ed\u007f';

  it('has its control characters made visible', () => {
    expect(printable(text)).toBe('a␛[31mb␇␍\n\tc\\u009b\\u202ed␡');
    expect(printableLine(text)).toBe('a␛[31mb␇␍␊␉c\\u009b\\u202ed␡');
    expect(tsvValue(text)).toBe('a␛[31mb␇\\r\\n\\tc\\u009b\\u202ed␡');
  });

  it('round-trips as JSON', () => {
    const json = printableJson(JSON.stringify({ text }));
    expect(JSON.parse(json)).toEqual({ text });
    expect(json).toMatch(/^[\u0020-\u007e]+$/);
  });
});

describe('a table', () => {
  const columns = [
    { title: 'NAME', value: ({ name }: { name: string }) => name, shrinks: true },
    { title: 'N', value: () => 7, align: 'right' },
    { title: 'HANDLE', value: () => 'a|123456789', optional: true },
  ] as const;

  it('measures the width of characters', () => {
    const text = table([{ name: '赤い靴' }, { name: 'e\u0301te\u0301' }], columns, {
      width: 60,
      paint: plain,
    });
    expect(text).toBe('NAME    N  HANDLE\n赤い靴  7  a|123456789\ne\u0301te\u0301     7  a|123456789\n');
  });

  it('truncates names before it omits columns, and never truncates a handle', () => {
    const rows = [{ name: 'a rather long name of an asset' }];
    expect(table(rows, columns, { width: 30, paint: plain })).toContain('a rather long…  7  a|123456789');
    expect(table(rows, columns, { width: 16, paint: plain })).toBe('NAME           N\na rather lon…  7\n');
  });
});

it('a bar fills up', () => {
  expect([0, 0.5, 0.52, 1, 2, Number.NaN].map((share) => bar(share, 4, plain))).toEqual([
    '░░░░',
    '██░░',
    '██░░',
    '████',
    '████',
    '░░░░',
  ]);
});

it('speed and estimate follow the observed counts', () => {
  const speed = new Speed();
  speed.see(0, 0);
  expect(speed.estimate(10)).toBeUndefined();
  speed.see(4, 2000);
  expect(speed.perSecond).toBe(2);
  expect(speed.estimate(10)).toBe(5000);
  // It began again.
  speed.see(0, 3000);
  expect(speed.perSecond).toBeUndefined();
});

it('XML is shown without secrets, its elements with text on one line', () => {
  const xml =
    '<a><b:password x="1">p&amp;q</b:password><accessToken>n</accessToken><url>http://u:p@h/</url><e/></a>';
  expect(indentXml(redactXml(xml))).toBe(
    '<a>\n  <b:password x="1">[secret]</b:password>\n  <accessToken>[secret]</accessToken>\n' +
      '  <url>http://[secret]@h/</url>\n  <e/>\n</a>\n',
  );
});

it('a shell word is quoted if necessary', () => {
  expect(['Nightly', 'Spring shoes', "Ann's"].map(quoted)).toEqual([
    'Nightly',
    "'Spring shoes'",
    "'Ann'\\''s'",
  ]);
});
