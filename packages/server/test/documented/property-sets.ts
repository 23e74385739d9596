import type { ServerWorld } from '../facts/fact.js';
import { user } from './prepared.ts';
import type { Reproductions } from './sample.js';

/** Samples of property sets and their types. */
export const propertySetReproductions: Reproductions = {
  createPropertySetType: {
    run: async ({ expect }, send) => {
      const { typeHandle } = await send({
        name: 'Sample.Created',
        propertyType: 'UserProperty',
        allowMultiple: false,
      });
      expect(typeHandle).toMatch(/^pt\|\d+$/);
    },
  },
  getPropertySetType: {
    run: async (world, send) => {
      const typeHandle = await type(world, 'Sample.Read');
      world.expect((await send({ name: 'Sample.Read' })).type.typeHandle).toBe(typeHandle);
    },
  },
  getPropertySetTypes: {
    run: async ({ connection, companyHandle }, send) => {
      for (const [name, propertyType] of [
        ['Sample.First', 'UserCompanyProperty'],
        ['Sample.Second', 'CompanyProperty'],
      ] as const)
        await connection.call('createPropertySetType', {
          companyHandle,
          name,
          propertyType,
          allowMultiple: true,
        });
      await send({ companyHandle });
    },
  },
  deletePropertySetType: {
    run: async (world, send) => {
      await send({ typeHandle: await type(world, 'Sample.Deleted') });
    },
  },
  createPropertySet: {
    run: async (world, send) => {
      const { setHandle } = await send({
        typeHandle: await type(world, 'Sample.WithSet'),
        primaryOwnerHandle: await user(world, 'owner-created'),
        propertyArray: PROPERTIES,
      });
      world.expect(setHandle).toMatch(/^ps\|\d+$/);
    },
  },
  getPropertySets: {
    run: async (world, send) => {
      const { typeHandle, primaryOwnerHandle, setHandle } = await set(world, 'sets-read');
      const { setArray } = await send({ typeHandle, primaryOwnerHandle });
      world.expect(setArray).toEqual([{ setHandle, typeHandle, propertyArray: PROPERTIES }]);
    },
  },
  updatePropertySet: {
    run: async (world, send) => {
      const { typeHandle, primaryOwnerHandle, setHandle } = await set(world, 'sets-updated');
      const propertyArray = PROPERTIES.map(({ name }) => ({ name, value: 'changed' }));
      await send({ setHandle, replaceProperties: true, propertyArray });
      const owner = { typeHandle, primaryOwnerHandle };
      const { setArray } = await world.connection.call('getPropertySets', owner);
      world.expect(setArray).toEqual([{ setHandle, typeHandle, propertyArray }]);
    },
  },
  deletePropertySet: {
    run: async (world, send) => {
      const { setHandle } = await set(world, 'sets-deleted');
      await send({ setHandle });
    },
  },
};

const PROPERTIES = [
  { name: 'sample_shows_grid', value: 'true' },
  { name: 'sample_prefix_published', value: 'https://images.example.com/is/image/' },
  { name: 'sample_prefix_origin', value: 'http://origin.example.com:8080/is/image/' },
];

/** A type for all companies, whose sets belong to users. */
async function type({ connection }: ServerWorld, name: string): Promise<string> {
  const created = { name, propertyType: 'UserProperty', allowMultiple: false };
  return (await connection.call('createPropertySetType', created)).typeHandle;
}

/** A set of a type and a user of its own. */
async function set(world: ServerWorld, name: string) {
  const typeHandle = await type(world, `Sample.${name}`);
  const primaryOwnerHandle = await user(world, name);
  const input = { typeHandle, primaryOwnerHandle, propertyArray: PROPERTIES };
  const { setHandle } = await world.connection.call('createPropertySet', input);
  return { typeHandle, primaryOwnerHandle, setHandle };
}
