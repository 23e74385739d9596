// The operations that only 2016-01-14-beta has: documents and schemas of metadata are stored and returned. Called with the client, as
// a program for this contract would.
import { deflateSync, gzipSync, inflateSync } from 'node:zlib';
import { createIpsClient } from '@ips-sdk/client';
import { contract } from '@ips-sdk/types/2016-01-14-beta';
import { userRoles } from '@ips-sdk/types/constants';
import type { Role } from '@ips-sdk/types/roles';
import { IpsFault } from '@ips-sdk/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { post } from './support/call.js';
import { serverForEachTest } from './support/shared-server.js';

const companyHandle = 'c|6';
const password = 'Sunny-Day-42';
/** Those that a user can have: the service's list has one more. */
const ROLES = userRoles.filter((role): role is Role => role !== 'WebServiceUser');
const SHOES = 'http://example.com/shoes/';
const panel = (namespace: string) =>
  `<xmp_definitions xmlns="http://ns.adobe.com/xmp/fileinfo/"><xmp_schema prefix="shoe" namespace="${namespace}" label="Shoes"/></xmp_definitions>`;
const packed = (xml: string) => deflateSync(xml).toString('base64');

let server: IpsServer;
serverForEachTest('manual', async (shared) => {
  server = shared;
  await server.seed({
    companies: [{ name: 'Other' }],
    users: ROLES.map((role) => ({
      email: `${role}@example.com`,
      password,
      isIpsAdmin: role === 'IpsAdmin',
      memberships: [{ company: 'Sample Company', role: role === 'IpsAdmin' ? 'IpsUser' : role }],
    })),
  });
});

const options = { contract, retry: false } as const;
const clientFor = (user = server.admin.email, secret = server.admin.password, company = companyHandle) => {
  const ips = createIpsClient({
    ...options,
    endpoint: server.endpoints.soap,
    auth: { user, password: secret },
    companyHandle: company,
    strictAnswers: true,
  });
  onTestFinished(() => ips.close());
  return ips;
};

const faultOf = async (call: Promise<unknown>): Promise<IpsFault> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof IpsFault) return error;
    throw error;
  }
  throw new Error('expected a fault');
};

describe('documents of metadata', () => {
  it('are returned as they were created, listed by type, changed and deleted', async () => {
    const ips = clientFor();
    const bytes = Uint8Array.from([0, 1, 255, 128]);
    const { xid } = await ips.createCompanyMetadata({
      xtype: 'template',
      xname: 'Spring & <co>',
      metadata: bytes,
    });
    const second = await ips.createCompanyMetadata({ xtype: 'preset', xname: 'Summer', metadata: 'YQ==' });
    expect(second.xid).not.toBe(xid);
    expect(await ips.getCompanyMetadata({ xid })).toEqual({
      xid,
      xtype: 'template',
      xname: 'Spring & <co>',
      metadata: Buffer.from(bytes).toString('base64'),
    });
    const template = { xid, xtype: 'template', xname: 'Spring & <co>' };
    const preset = { ...second, xtype: 'preset', xname: 'Summer' };
    expect(await ips.listCompanyMetadata({})).toEqual({ companyMetadataInfoArray: [template, preset] });
    expect(await ips.listCompanyMetadata({ xtype: 'preset' })).toEqual({
      companyMetadataInfoArray: [preset],
    });
    expect(await ips.listCompanyMetadata({ xtype: 'Preset' })).toEqual({ companyMetadataInfoArray: [] });
    await ips.updateCompanyMetadata({ xid, xtype: 'form', xname: 'Autumn' });
    expect(await ips.getCompanyMetadata({ xid })).toMatchObject({
      xtype: 'form',
      xname: 'Autumn',
      metadata: Buffer.from(bytes).toString('base64'),
    });
    await ips.updateCompanyMetadata({ xid, xtype: 'form', xname: 'Autumn', metadata: 'Yg==' });
    expect(await ips.getCompanyMetadata({ xid })).toMatchObject({ metadata: 'Yg==' });
    await ips.deleteCompanyMetadata({ xid });
    expect(await ips.listCompanyMetadata({})).toEqual({ companyMetadataInfoArray: [preset] });
    for (const call of [
      ips.getCompanyMetadata({ xid }),
      ips.deleteCompanyMetadata({ xid }),
      ips.updateCompanyMetadata({ xid, xtype: 'a', xname: 'b' }),
      ips.getCompanyMetadata({ xid: '1 or 1=1' }),
    ])
      expect(await faultOf(call)).toMatchObject({
        code: 30001,
        reason: expect.stringMatching(/^xid: no object/),
      });
  });

  it('need a type and a name', async () => {
    const ips = clientFor();
    for (const [field, bad] of [
      ['xtype', ' '],
      ['xname', ''],
      ['xname', 'x'.repeat(256)],
    ] as const) {
      const input = { xtype: 'template', xname: 'Spring', metadata: 'YQ==', [field]: bad };
      expect(await faultOf(ips.createCompanyMetadata(input))).toMatchObject({
        code: 30001,
        reason: expect.stringMatching(new RegExp(`^${field}: .*expected a text of 1 to 255 characters$`)),
      });
    }
    expect(await ips.listCompanyMetadata({})).toEqual({ companyMetadataInfoArray: [] });
  });

  it('belong to their company', async () => {
    const admin = clientFor();
    const { xid } = await admin.createCompanyMetadata({
      xtype: 'template',
      xname: 'Spring',
      metadata: 'YQ==',
    });
    const other = clientFor(server.admin.email, server.admin.password, 'c|7');
    expect(await faultOf(other.getCompanyMetadata({ xid }))).toMatchObject({ code: 30001 });
    expect(await faultOf(other.deleteCompanyMetadata({ xid }))).toMatchObject({ code: 30001 });
    expect(await other.listCompanyMetadata({})).toEqual({ companyMetadataInfoArray: [] });
    const stranger = clientFor('IpsCompanyAdmin@example.com', password, 'c|7');
    expect(await faultOf(stranger.listCompanyMetadata({}))).toMatchObject({ code: 20006 });
  });
});

describe('schemas of metadata', () => {
  const save = (xml: string, more: object = {}) =>
    clientFor().saveMetadataSchema({ contentType: 'text/xml', compressedSchema: packed(xml), ...more });
  const namespaces = async () => {
    const { compressedNamespaces } = await clientFor().getMetadataSchemaNamespaces({});
    return inflateSync(Buffer.from(compressedNamespaces, 'base64')).toString().split('\n');
  };

  it('are returned as they were saved, by version, until their namespace is removed', async () => {
    const ips = clientFor();
    const xsd =
      '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://example.com/hats/"/>';
    expect(await save(panel(SHOES))).toEqual({ success: true });
    const first = await ips.getMetadataSchema({ version: 0 });
    expect(first).toEqual({ version: expect.any(Number), compressedSchema: packed(panel(SHOES)) });
    const gzipped = gzipSync(deflateSync(xsd)).toString('base64');
    await save(xsd, { compressedSchema: gzipped });
    await save(`<?xml version="1.0"?><!-- newer -->${panel(SHOES)}`);
    const newest = await ips.getMetadataSchema({ version: 0 });
    expect(newest.version).toBeGreaterThan(first.version);
    expect(await ips.getMetadataSchema({ version: first.version })).toEqual(first);
    expect((await ips.getMetadataSchema({ version: first.version + 1 })).compressedSchema).toBe(gzipped);
    expect(await namespaces()).toEqual(['http://example.com/hats/', SHOES]);
    expect(await ips.removeMetadataSchema({ schemaNamespace: SHOES })).toEqual({ success: true });
    expect(await namespaces()).toEqual(['http://example.com/hats/']);
    expect(await faultOf(ips.removeMetadataSchema({ schemaNamespace: SHOES }))).toMatchObject({
      code: 30001,
      reason: `schemaNamespace: found '${SHOES}', expected the namespace of a metadata schema`,
    });
    expect(await faultOf(ips.getMetadataSchema({ version: first.version }))).toMatchObject({ code: 30001 });
    // A number is not used again.
    await save(panel(SHOES));
    expect((await ips.getMetadataSchema({ version: 0 })).version).toBeGreaterThan(newest.version);
  });

  it('with more levels than a schema needs are refused at once', async () => {
    expect(await faultOf(save('<a>'.repeat(200_000)))).toMatchObject({
      code: 30001,
      reason: expect.stringContaining('it has more than 100 levels'),
    });
  });

  it('are none at first', async () => {
    expect(await namespaces()).toEqual(['']);
    expect(await faultOf(clientFor().getMetadataSchema({ version: 0 }))).toMatchObject({
      code: 30001,
      reason: 'version: found 0, expected the version of a metadata schema, or 0 for the newest',
    });
  });

  it.each([
    ['not zlib', { compressedSchema: 'YQ==' }, 'compressed with zlib'],
    ['no XML', { compressedSchema: packed('shoes') }, 'an XML document that describes one namespace'],
    ['no namespace', { compressedSchema: packed('<a/>') }, '(it describes none)'],
    ['an empty one', { compressedSchema: packed(panel(' ')) }, '(it describes none)'],
    [
      'two',
      { compressedSchema: packed(`<a>${panel(SHOES)}${panel('http://example.com/hats/')}</a>`) },
      '(it describes several)',
    ],
    [
      'a DOCTYPE',
      { compressedSchema: packed(`<!DOCTYPE a [<!ENTITY b "c">]>${panel(SHOES)}`) },
      '(it has a DOCTYPE)',
    ],
    [
      'more than is allowed',
      { compressedSchema: deflateSync(Buffer.alloc(17 * 2 ** 20)).toString('base64') },
      'of at most 16777216 bytes',
    ],
  ])('refuse %s', async (_what, bad, reason) => {
    expect(await faultOf(save('', bad))).toMatchObject({
      code: 30001,
      reason: expect.stringContaining(reason),
    });
    expect(await namespaces()).toEqual(['']);
  });
});

describe('the roles', () => {
  const MANAGERS: readonly Role[] = ['IpsAdmin', 'IpsCompanyAdmin', 'TrialSiteAdmin', 'ImagePortalAdmin'];

  it.each(ROLES)('of %s', async (role) => {
    const admin = clientFor();
    const { xid } = await admin.createCompanyMetadata({
      xtype: 'template',
      xname: 'Spring',
      metadata: 'YQ==',
    });
    await admin.saveMetadataSchema({ contentType: 'text/xml', compressedSchema: packed(panel(SHOES)) });
    const ips = clientFor(`${role}@example.com`, password);
    await ips.getCompanyMetadata({ xid });
    await ips.listCompanyMetadata({});
    await ips.getMetadataSchema({ version: 0 });
    await ips.getMetadataSchemaNamespaces({});
    const changes = [
      () => ips.createCompanyMetadata({ xtype: 'template', xname: 'Hats', metadata: 'YQ==' }),
      () => ips.updateCompanyMetadata({ xid, xtype: 'template', xname: 'Autumn' }),
      () => ips.deleteCompanyMetadata({ xid }),
      () => ips.saveMetadataSchema({ contentType: 'text/xml', compressedSchema: packed(panel(SHOES)) }),
      () => ips.removeMetadataSchema({ schemaNamespace: SHOES }),
    ];
    for (const change of changes) {
      if (MANAGERS.includes(role)) await change();
      else expect(await faultOf(change())).toMatchObject({ code: 20003 });
    }
  });
});

describe('applyMetadataTemplate', () => {
  it('is refused, because the format of templates is unknown', async () => {
    const call = clientFor().applyMetadataTemplate({ assetHandleArray: ['a|1'], templateId: '1' });
    expect(await faultOf(call)).toMatchObject({
      code: 30000,
      reason: "Operation 'applyMetadataTemplate' is not supported by this server",
    });
  });
});

describe('other contracts', () => {
  it.each(['2014-04-03', '2019-09-10-beta'])('as %s do not have the operations', async (version) => {
    const xsd = `http://www.scene7.com/IpsApi/xsd/${version}`;
    const { body } = await post(
      server.url,
      `<Request xmlns="${xsd}"><listCompanyMetadataParam><companyHandle>c|6</companyHandle></listCompanyMetadataParam></Request>`,
      { path: '/scene7/api/IpsApiService' },
    );
    expect(body).toContain('<code>30003</code>');
    expect(body).toContain(
      `the operation &apos;listCompanyMetadata&apos; is not in the contract ${version} of the request; it is in 2016-01-14-beta`.replaceAll(
        '&apos;',
        "'",
      ),
    );
  });
});
