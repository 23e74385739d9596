import { group, user } from './prepared.ts';
import type { Reproductions } from './sample.js';

/** Samples of groups. */
export const groupReproductions: Reproductions = {
  saveGroup: {
    run: async ({ companyHandle, expect }, send) => {
      const { groupHandle } = await send({ companyHandle, name: 'Saved group', isSystemDefined: false });
      expect(groupHandle).toMatch(/^g\|\d+$/);
    },
  },
  deleteGroup: {
    run: async (world, send) => {
      const { companyHandle } = world;
      await send({ companyHandle, groupHandle: await group(world, 'Deleted group') });
    },
  },
  getGroups: {
    run: async (world, send) => {
      const { companyHandle } = world;
      await group(world, 'Listed group');
      await send({ companyHandle });
    },
  },
  getGroupMembers: {
    run: async (world, send) => {
      const { companyHandle } = world;
      const groupHandle = await group(world, 'Group with members');
      const userHandle = await user(world, 'member-read');
      await world.connection.call('addGroupMembers', {
        companyHandle,
        groupHandle,
        userHandleArray: [userHandle],
      });
      const { userHandleArray } = await send({ companyHandle, groupHandle });
      world.expect(userHandleArray).toEqual([userHandle]);
    },
  },
  addGroupMembers: {
    run: async (world, send) => {
      const { companyHandle } = world;
      const groupHandle = await group(world, 'Group that gets a member');
      await send({ companyHandle, groupHandle, userHandleArray: [await user(world, 'member-added')] });
    },
  },
  setGroupMembers: {
    run: async (world, send) => {
      const { companyHandle } = world;
      const groupHandle = await group(world, 'Group whose members are set');
      await send({ companyHandle, groupHandle, userHandleArray: [await user(world, 'member-set')] });
    },
  },
  removeGroupMembers: {
    run: async (world, send) => {
      const { companyHandle, connection, expect } = world;
      const groupHandle = await group(world, 'Group that loses a member');
      const userHandleArray = [await user(world, 'member-removed')];
      await connection.call('addGroupMembers', { companyHandle, groupHandle, userHandleArray });
      await send({ companyHandle, groupHandle, userHandleArray });
      const left = await connection.call('getGroupMembers', { companyHandle, groupHandle });
      expect(left.userHandleArray).toEqual([]);
    },
  },
  getGroupMembership: {
    run: async (world, send) => {
      const { companyHandle, connection } = world;
      const groupHandleArray = [await group(world, 'Group of the caller')];
      await connection.call('addGroupMembership', { groupHandleArray });
      await send({ companyHandle });
    },
  },
  addGroupMembership: {
    run: async (world, send) => {
      await send({ groupHandleArray: [await group(world, 'Group that the caller joins')] });
    },
  },
  setGroupMembership: {
    run: async (world, send) => {
      const { companyHandle } = world;
      const userHandle = await user(world, 'membership-set');
      await send({ userHandle, companyHandle, groupHandleArray: [await group(world, 'Group that is set')] });
    },
  },
  removeGroupMembership: {
    run: async (world, send) => {
      const userHandle = await user(world, 'membership-removed');
      const groupHandleArray = [await group(world, 'Group that is left')];
      await world.connection.call('addGroupMembership', { userHandle, groupHandleArray });
      await send({ userHandle, groupHandleArray });
    },
  },
};
