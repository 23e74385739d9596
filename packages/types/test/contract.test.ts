import { describe, expect, it } from 'vitest';
import { contract } from '../src/generated/contract.js';
import { docs } from '../src/generated/docs.js';
import { operationRoles } from '../src/generated/roles.js';

const fieldsOf = (name: string) => {
  const type = contract.types[name];
  if (type === undefined || !('fields' in type)) throw new Error(`no complex type ${name}`);
  return type.fields;
};

describe('the contract tables', () => {
  it('hold all operations, types and fields of version 2014-04-03', () => {
    expect(contract.version).toBe('2014-04-03');
    expect(Object.keys(contract.operations)).toHaveLength(164);
    expect(Object.keys(contract.types)).toHaveLength(222);
    expect(
      Object.values(contract.types).reduce((sum, t) => sum + ('fields' in t ? t.fields.length : 0), 0),
    ).toBe(926);
    // Every message but the second form of the header: 793 fields of operations, 8 of the header, 6 of faults.
    const messages = Object.entries(contract.messages).filter(([name]) => name !== 'UnversionedAuthHeader');
    expect(messages.reduce((sum, [, m]) => sum + m.fields.length, 0)).toBe(807);
  });

  it('name actions, inputs and outputs after the operation', () => {
    for (const [name, operation] of Object.entries(contract.operations)) {
      expect(operation.action).toBe(name);
      expect(contract.messages[operation.input]?.element).toBe(`${name}Param`);
      expect(contract.messages[operation.output ?? '']?.element).toBe(`${name}Return`);
    }
  });

  it('have both ports, both headers and the three faults', () => {
    expect(contract.ports.map((p) => [p.name, p.soapVersion])).toEqual([
      ['IpsApiSoapPort', '1.1'],
      ['IpsApiSoap12Port', '1.2'],
    ]);
    expect(contract.headers).toEqual(['AuthHeader', 'UnversionedAuthHeader']);
    expect(contract.faults).toEqual(['IpsApiFault', 'AuthenticationFault', 'AuthorizationFault']);
    expect(contract.messages['UnversionedAuthHeader']).toMatchObject({
      namespace: 'http://www.scene7.com/IpsApi/xsd',
      all: true,
    });
    const required = contract.messages['AuthHeader']?.fields
      .filter(([, , min]) => min > 0)
      .map(([name]) => name);
    expect(required).toEqual(['appName', 'appVersion']);
  });

  it('keep the fields of an active job in the order of the wire', () => {
    expect(fieldsOf('ActiveJob').map(([name]) => name)).toEqual([
      'companyHandle',
      'jobHandle',
      'name',
      'originalName',
      'type',
      'state',
      'submitUserEmail',
      'locale',
      'description',
      'serverName',
      'startDate',
      'triggerTime',
      'totalSize',
      'progress',
      'progressMessage',
      'lastProgressUpdate',
      'taskProgressArray',
      'imageServingPublishJob',
      'imageRenderingPublishJob',
      'videoPublishJob',
      'serverDirectoryPublishJob',
      'metadataPublishJob',
      'uploadDirectoryJob',
      'uploadUrlsJob',
      'uploadPostJob',
      'optimizeImagesJob',
      'ripPdfsJob',
      'reprocessAssetsJob',
      'createVideoSitemapJob',
      'exportJob',
      'automatedSetGenerationJob',
    ]);
  });

  it('repeat nothing but items of array types', () => {
    const repeated = Object.entries(contract.types).filter(
      ([, t]) => 'fields' in t && t.fields.some(([, , , max]) => max > 1),
    );
    for (const [name, type] of repeated) {
      expect({ name, array: 'array' in type && type.array }).toEqual({ name, array: true });
      expect(fieldsOf(name).map(([field]) => field)).toEqual(['items']);
    }
    expect(fieldsOf('UrlArray')).toEqual([['items', 'xsd:string', 1, 1000]]);
    expect(
      Object.values(contract.messages)
        .flatMap((m) => m.fields)
        .filter(([, , , max]) => max > 1),
    ).toEqual([]);
  });
});

describe('what is known of the contract', () => {
  it('covers every operation, type and field', () => {
    for (const [name, type] of Object.entries(contract.types)) {
      expect(docs.types[name]?.description, name).toBeTruthy();
      const fields = 'fields' in type ? type.fields : [];
      for (const [field] of fields)
        expect(docs.types[name]?.fields[field]?.description, `${name}/${field}`).toBeTruthy();
    }
    for (const [name, message] of Object.entries(contract.messages)) {
      for (const [field] of message.fields)
        expect(docs.messages[name]?.fields[field]?.description, `${name}/${field}`).toBeTruthy();
    }
    for (const name of Object.keys(contract.operations))
      expect(docs.operations[name]?.description, name).toBeTruthy();
  });

  it('says of every operation whether it may be repeated, and never that a submission may', () => {
    for (const [name, { idempotency }] of Object.entries(contract.operations)) {
      if (/^(get|search|check)/.test(name))
        expect({ name, idempotency }).toEqual({ name, idempotency: 'safe' });
      if (/^(submit|execute|delete|create|add|copy|upload)/.test(name)) {
        expect({ name, idempotency }).toEqual({ name, idempotency: 'unsafe' });
      }
    }
  });

  it('lists roles as the service documents them', () => {
    expect(operationRoles.cdnCacheInvalidation).toEqual(['IpsAdmin', 'IpsCompanyAdmin']);
    expect(operationRoles.submitJob).not.toContain('IpsCompanyAdmin');
    expect(operationRoles.getJobLogs).toHaveLength(9);
    expect(operationRoles.removeMask).toBeUndefined();
  });

  it('has the 39 lists of constants of the documentation, and accepts both spellings of a misprint', () => {
    const printed = Object.values(docs.constants).filter(({ title }) => PRINTED_LISTS.includes(title));
    expect(printed).toHaveLength(39);
    expect(docs.constants['JobLogType']?.values).toHaveProperty('VideoPublishSuccess');
  });
});

const PRINTED_LISTS = [
  'Active Job States',
  'Asset Overwrite Modes',
  'Asset Search System Fields',
  'Asset Sort Fields',
  'Asset Types',
  'AutoCrop Corner',
  'Color Management Modes',
  'Color Spaces',
  'Email Settings',
  'Font Styles',
  'Font Types',
  'Generation Info',
  'Illustrator Processes',
  'Job Log File Types',
  'Job Log Sort Fields',
  'Job Log Types',
  'Job Trigger States',
  'Job Types',
  'Metadata Field Types',
  'Numeric/Date Comparison Operators',
  'PDF Processes',
  'Permission Types',
  'Photoshop Anchor Modes',
  'Photoshop Layer Naming Modes',
  'PostScript Colorspace Modes',
  'Profile Classes',
  'Property Set Types',
  'Publish Context',
  'Publish State',
  'Publish Types',
  'Region Shape',
  'Search Match Modes',
  'Sort Directions',
  'String Comparison Operators',
  'Trash State',
  'User Char Filter Fields',
  'User Roles',
  'User Sort Fields',
  'Viewer Type',
];
