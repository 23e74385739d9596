import { contract } from '@ips-sdk/types/contract';
import { describe, expect, it } from 'vitest';
import {
  describeOperation,
  describeType,
  operationNames,
  typeNames,
} from '../src/reference/contract-model.ts';
import { operationPath, typePath } from '../src/reference/links.ts';
import { mainText, pagesBelow, readSite, withoutSpace } from './site.ts';

describe('the API reference', () => {
  it('has a page for each of the 164 operations and 222 types, and no other', () => {
    expect(operationNames).toHaveLength(164);
    expect(typeNames).toHaveLength(222);
    expect(pagesBelow('api/operations').sort()).toEqual(operationNames.map(operationPath).sort());
    expect(pagesBelow('api/types').sort()).toEqual(typeNames.map(typePath).sort());
  });

  it.each(operationNames)('shows what %s does, takes and answers', (name) => {
    const { request, response, idempotency } = describeOperation(name);
    const html = readSite(`${operationPath(name)}/index.html`);
    const text = mainText(html);
    expect(html).toContain('<h1 id="_top"');
    for (const [field] of request.fields) expect(html).toContain(`id="input-${field.toLowerCase()}"`);
    for (const [field] of response?.fields ?? [])
      expect(html).toContain(`id="output-${field.toLowerCase()}"`);
    const missing = [
      { safe: 'Safe', idempotent: 'Idempotent', unsafe: 'Not repeatable' }[idempotency],
      `<${name}Param xmlns="${contract.messageNamespace}"`,
      `<${name}Return xmlns="${contract.messageNamespace}"`,
      `ips.${name}(`,
    ].filter((part) => !text.includes(withoutSpace(part)));
    expect(missing).toEqual([]);
  });

  it.each(typeNames)('shows the fields of %s in the order of the wire', (name) => {
    const html = readSite(`${typePath(name)}/index.html`);
    const shown = [...html.matchAll(/id="field-(\w+)"/g)].map(([, field]) => field);
    expect(shown).toEqual(describeType(name).fields.map(([field]) => field.toLowerCase()));
    expect(html).toContain('id="where-it-is-used"');
  });

  it('links a type and the operations that use it both ways', () => {
    const type = readSite(`${typePath('UploadUrlsJob')}/index.html`);
    expect(type).toContain('href="/api/operations/submitjob/"');
    const operation = readSite(`${operationPath('submitJob')}/index.html`);
    expect(operation).toContain('href="/api/types/uploadurlsjob/"');
  });
});
