import { readFileSync } from 'node:fs';
import { jobKinds } from '@ips-sdk/types/jobs';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../src/api/contract.ts';
import { fieldsOf, itemFieldOf, labelOf, resolveSchema } from '../src/submit/form-field.ts';
import {
  formatPath,
  isBelow,
  issuesByPath,
  messageOf,
  valueAt,
  valueOfText,
  withValueAt,
} from '../src/submit/form-values.ts';

// The file is generated, and has this form.
const { definitions } = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@ips-sdk/types/schema/ips.json')), 'utf8'),
) as { definitions: Record<string, JsonSchema> };

const submitted = jobKinds.filter((kind) => kind !== 'uploadPostJob');

describe('the fields of a form', () => {
  test.each(submitted)('of %s are complete', (kind) => {
    const schema = definitions['SubmitJobParam']?.properties?.[kind] ?? {};
    const fields = fieldsOf(schema, definitions);
    const names = Object.keys(resolveSchema(schema, definitions).properties ?? {});
    expect(fields.map(({ name }) => name).sort()).toEqual(
      names.filter((name) => !name.startsWith('num')).sort(),
    );
    for (const field of fields) expect(field.label, field.name).toMatch(/^[A-Z]/);
  });

  const upload = fieldsOf({ $ref: '#/$defs/UploadUrlsJob' }, definitions);
  const field = (name: string) => upload.find((one) => one.name === name);

  test('have the form of their type', () => {
    expect(field('emailSetting')).toMatchObject({ form: 'choice', isRequired: true });
    expect(field('emailSetting')?.choices).toContain('None');
    expect(field('overwrite')).toMatchObject({ form: 'yesNo', isRequired: true });
    expect(field('preserveCrop')).toMatchObject({ form: 'yesNo', isRequired: false, fallback: 'yes' });
    expect(field('manualCropOptions')).toMatchObject({ form: 'group' });
    expect(field('postHttpUrl')).toMatchObject({
      form: 'text',
      expected: 'such as https://hooks.example.com/ips',
    });
  });

  test('offer pickers for assets, folders and contexts', () => {
    const [urls] = upload.filter(({ name }) => name === 'urlArray');
    expect(urls?.form).toBe('list');
    if (urls === undefined) return;
    const item = itemFieldOf(urls, 0, definitions);
    expect(item).toMatchObject({ form: 'group', label: 'URL 1' });
    expect(fieldsOf(item.schema, definitions).find(({ name }) => name === 'destPath')?.form).toBe('path');
    const directory = fieldsOf({ $ref: '#/$defs/UploadDirectoryJob' }, definitions);
    expect(directory.find(({ name }) => name === 'destFolder')?.form).toBe('folder');
    const exported = fieldsOf({ $ref: '#/$defs/ExportJob' }, definitions);
    expect(exported.find(({ name }) => name === 'assetHandleArray')?.form).toBe('assets');
    const publish = fieldsOf({ $ref: '#/$defs/ImageServingPublishJob' }, definitions);
    expect(publish.find(({ name }) => name === 'contextHandle')?.form).toBe('context');
  });

  test('survive references that lead in circles or nowhere', () => {
    const circle = { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } };
    expect(fieldsOf({ $ref: '#/$defs/A' }, circle)).toEqual([]);
    expect(fieldsOf({ $ref: '#/$defs/constructor' }, {})).toEqual([]);
  });

  test('have labels in words', () => {
    expect(labelOf('postImageServingPublishJob')).toBe('Post image serving publish job');
    expect(labelOf('PDFOptions')).toBe('PDF options');
    expect(labelOf('httpCompletionUrl')).toBe('HTTP completion URL');
    expect(labelOf('is_modifier')).toBe('Is modifier');
    expect(labelOf('assetHandleArray')).toBe('Asset handle');
  });
});

describe('the values of a form', () => {
  const value = {
    urlArray: [{ sourceUrl: 'https://a.example/1' }, { sourceUrl: 'https://a.example/2' }],
    overwrite: true,
  };

  test('are found by their path', () => {
    expect(valueAt(value, ['urlArray', 1, 'sourceUrl'])).toBe('https://a.example/2');
    expect(valueAt(value, ['urlArray', 7, 'sourceUrl'])).toBeUndefined();
    expect(valueAt(value, ['toString'])).toBeUndefined();
    expect(formatPath(['uploadUrlsJob', 'urlArray', 1, 'sourceUrl'])).toBe(
      'uploadUrlsJob.urlArray[1].sourceUrl',
    );
  });

  test('change without changing the others', () => {
    const changed = withValueAt(value, ['urlArray', 0, 'destFolder'], 'MyCompany/Shoes/');
    expect(changed).toEqual({
      urlArray: [{ sourceUrl: 'https://a.example/1', destFolder: 'MyCompany/Shoes/' }, value.urlArray[1]],
      overwrite: true,
    });
    expect(withValueAt(value, ['urlArray', 0], undefined)).toEqual({
      urlArray: [value.urlArray[1]],
      overwrite: true,
    });
    expect(withValueAt(value, ['overwrite'], undefined)).toEqual({ urlArray: value.urlArray });
    expect(Object.keys(Object(withValueAt(value, ['urlArray'], [])))).toEqual(['urlArray', 'overwrite']);
    expect(withValueAt(undefined, ['options', 'top'], 3)).toEqual({ options: { top: 3 } });
    expect(value.urlArray).toHaveLength(2);
  });

  test('of numbers stay exact, and unfinished ones stay text', () => {
    expect(valueOfText('12', 'number')).toBe(12);
    expect(valueOfText('0.5', 'number')).toBe(0.5);
    expect(valueOfText('1.', 'number')).toBe('1.');
    expect(valueOfText('twelve', 'number')).toBe('twelve');
    expect(valueOfText('9007199254740993', 'number')).toBe('9007199254740993');
    expect(valueOfText('12', 'text')).toBe('12');
    expect(valueOfText('', 'number')).toBeUndefined();
  });

  test('have the problems of their path', () => {
    const issues = [
      { path: 'a.b[0]', message: 'expected a URL', severity: 'error' },
      { path: 'a.b[0]', message: 'too long', severity: 'warning' },
    ] as const;
    expect(issuesByPath(issues).get('a.b[0]')).toEqual(issues);
    expect(messageOf({ path: 'a.b', message: 'a.b is 1; expected text', severity: 'error' })).toBe(
      'is 1; expected text',
    );
    expect(messageOf({ path: '', message: 'too large', severity: 'error' })).toBe('too large');
    expect(isBelow('a.b[0].c', 'a.b')).toBe(true);
    expect(isBelow('a.bc', 'a.b')).toBe(false);
  });
});
