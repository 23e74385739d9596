import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { serverForEachTest } from './support/shared-server.js';

const companyHandle = 'c|6';
const ADMIN = 'u|41|admin@example.com';
let server: IpsServer;
let admin: Connection;

serverForEachTest('instant', async (shared) => {
  server = shared;
  admin = connect(server);
});

const makeType = async (name: string, propertyType: string, allowMultiple = false, company = true) =>
  (
    await admin.call('createPropertySetType', {
      name,
      propertyType,
      allowMultiple,
      ...(company ? { companyHandle } : {}),
    })
  ).typeHandle;

describe('property set types', () => {
  it('belong to a company, or to all of them', async () => {
    const own = await makeType('Look', 'UserProperty', true);
    const everywhere = await makeType('Look', 'CompanyProperty', false, false);
    expect((await admin.call('getPropertySetType', { companyHandle, name: 'Look' })).type).toEqual({
      typeHandle: own,
      companyHandle,
      name: 'Look',
      propertyType: 'UserProperty',
      allowMultiple: true,
    });
    expect((await admin.call('getPropertySetTypes', {})).typeArray.at(-1)).toEqual({
      typeHandle: everywhere,
      name: 'Look',
      propertyType: 'CompanyProperty',
      allowMultiple: false,
    });
    const again = { name: 'Look', propertyType: 'UserProperty', allowMultiple: true };
    expect(await admin.fault('createPropertySetType', again)).toMatchObject({ code: 30001 });
    expect(
      await admin.fault('createPropertySetType', { ...again, name: 'X', propertyType: 'Odd' }),
    ).toMatchObject({
      code: 30001,
    });
    expect(await admin.fault('getPropertySetType', { companyHandle, name: `Look' or 'a'='a` })).toMatchObject(
      {
        code: 30001,
      },
    );
    await admin.call('deletePropertySetType', { typeHandle: own });
    expect(await admin.fault('deletePropertySetType', { typeHandle: own })).toMatchObject({ code: 30001 });
  });

  it('are there from the start, and those for all companies stay', async () => {
    const { typeArray } = await admin.call('getPropertySetTypes', {});
    expect(typeArray.map(({ name }) => name)).toEqual(['Adobe.UserProperty', 'Adobe.SPS.ApplicationSetting']);
    for (const { typeHandle } of typeArray)
      expect(await admin.fault('deletePropertySetType', { typeHandle })).toMatchObject({ code: 30000 });
    // A company that comes later has its own, too.
    const { companyInfo } = await admin.call('addCompany', { companyName: 'Later' });
    const own = await admin.call('getPropertySetTypes', { companyHandle: companyInfo.companyHandle });
    expect(own.typeArray.map(({ name }) => name)).toEqual(['SavedSearch', 'CompanyMetadata']);
  });

  it('for all companies are created only by system administrators', async () => {
    await server.seed({
      users: [
        {
          email: 'boss@example.com',
          password: 'boss-password',
          memberships: [{ company: 'Sample Company', role: 'IpsCompanyAdmin' }],
        },
      ],
    });
    const boss = connect(server, { email: 'boss@example.com', password: 'boss-password' });
    const type = { name: 'T', propertyType: 'CompanyProperty', allowMultiple: false };
    expect(await boss.fault('createPropertySetType', type)).toMatchObject({ code: 20003 });
    await boss.call('createPropertySetType', { ...type, companyHandle });
    const everywhere = await makeType('G', 'CompanyProperty', false, false);
    expect(await boss.fault('deletePropertySetType', { typeHandle: everywhere })).toMatchObject({
      code: 20003,
    });
  });
});

describe('property sets', () => {
  const properties = [
    { name: 'color', value: 'red' },
    { name: `it's`, value: '<&> 50%' },
  ];

  it('are replaced if an owner can have only one, and added otherwise', async () => {
    const single = await makeType('Single', 'CompanyProperty');
    const many = await makeType('Many', 'CompanyProperty', true);
    const sets = async (typeHandle: string) =>
      (await admin.call('getPropertySets', { typeHandle, primaryOwnerHandle: companyHandle })).setArray;
    for (const typeHandle of [single, many]) {
      for (let time = 0; time < 2; time += 1) {
        await admin.call('createPropertySet', {
          typeHandle,
          primaryOwnerHandle: companyHandle,
          propertyArray: properties,
        });
      }
    }
    expect(await sets(many)).toHaveLength(2);
    expect(await sets(single)).toEqual([
      { setHandle: expect.stringMatching(/^ps\|\d+$/), typeHandle: single, propertyArray: properties },
    ]);
  });

  it('with the settings of applications show their defaults, and what was set', async () => {
    const { type } = await admin.call('getPropertySetType', { name: 'Adobe.SPS.ApplicationSetting' });
    const read = async () =>
      (
        await admin.call('getPropertySets', {
          typeHandle: type.typeHandle,
          primaryOwnerHandle: companyHandle,
        })
      ).setArray;
    const test = { name: 'application_test_server_context', value: `${server.url}/` };
    const [set] = await read();
    expect(set?.propertyArray).toEqual([
      {
        name: 'application_cdn_invalidation_template',
        value: `${server.url}/is/image/SampleCompany/<ID>`,
      },
      test,
    ]);
    const own = { name: 'application_cdn_invalidation_template', value: '<ID>?$product$' };
    await admin.call('updatePropertySet', { setHandle: set?.setHandle ?? '', propertyArray: [own] });
    expect((await read()).map(({ propertyArray }) => propertyArray)).toEqual([[own, test]]);
  });

  it('are merged or replaced by updates, and go with their type', async () => {
    const typeHandle = await makeType('User and company', 'UserCompanyProperty');
    const owners = { typeHandle, primaryOwnerHandle: ADMIN, secondaryOwnerHandle: companyHandle };
    const { setHandle } = await admin.call('createPropertySet', { ...owners, propertyArray: properties });
    const read = async () =>
      (await admin.call('getPropertySets', owners)).setArray.map(({ propertyArray }) => propertyArray);
    await admin.call('updatePropertySet', { setHandle, propertyArray: [{ name: 'color', value: 'blue' }] });
    expect(await read()).toEqual([[{ name: 'color', value: 'blue' }, properties[1]]]);
    const only = [{ name: 'size', value: '' }];
    await admin.call('updatePropertySet', { setHandle, replaceProperties: true, propertyArray: only });
    expect(await read()).toEqual([only]);
    expect(await admin.fault('getPropertySets', { typeHandle, primaryOwnerHandle: ADMIN })).toMatchObject({
      code: 30002,
    });
    await admin.call('deletePropertySet', { setHandle });
    expect(await read()).toEqual([]);
    const again = await admin.call('createPropertySet', { ...owners, propertyArray: [] });
    await admin.call('deletePropertySetType', { typeHandle });
    expect(await admin.fault('deletePropertySet', { setHandle: again.setHandle })).toMatchObject({
      code: 30001,
    });
  });

  it('of others are out of reach', async () => {
    await server.seed({
      companies: [{ name: 'Other' }],
      users: [
        {
          email: 'other@example.com',
          password: 'other-password',
          memberships: [{ company: 'Other', role: 'IpsCompanyAdmin' }],
        },
      ],
    });
    const other = connect(server, { email: 'other@example.com', password: 'other-password' });
    const typeHandle = await makeType('Own', 'CompanyProperty');
    const set = await admin.call('createPropertySet', {
      typeHandle,
      primaryOwnerHandle: companyHandle,
      propertyArray: [],
    });
    const everywhere = await makeType('G', 'UserProperty', false, false);
    expect(
      await other.fault('updatePropertySet', { setHandle: set.setHandle, propertyArray: [] }),
    ).toMatchObject({
      kind: 'authorization',
    });
    expect(
      await other.fault('getPropertySets', { typeHandle, primaryOwnerHandle: companyHandle }),
    ).toMatchObject({
      kind: 'authorization',
    });
    expect(
      await other.fault('getPropertySets', { typeHandle: everywhere, primaryOwnerHandle: ADMIN }),
    ).toMatchObject({
      kind: 'authorization',
    });
  });
});
