import type { ServerWorld } from '../facts/fact.js';
import { LATER } from './prepared.ts';
import type { Reproductions } from './sample.js';

/** Samples of folders and projects. */
export const folderReproductions: Reproductions = {
  createFolder: {
    run: async ({ companyHandle, expect }, send) => {
      const { folderHandle } = await send({ companyHandle, folderPath: '/SampleShoes' });
      expect(folderHandle).toBe('f|SampleCompany/SampleShoes/');
    },
  },
  getFolders: {
    run: async (world, send) => {
      await folder(world, 'sample-small');
      await folder(world, 'Sample-Large');
      const { folderArray = [] } = await send({ companyHandle: world.companyHandle });
      const paths = folderArray.map(({ path }) => path);
      world.expect(paths[0]).toBe('SampleCompany/');
      // Regardless of case: a lower-case name comes before one with a capital.
      const own = ['SampleCompany/Sample-Large/', 'SampleCompany/sample-small/'];
      world.expect(paths.filter((path) => own.includes(path ?? ''))).toEqual(own);
    },
    adds: { [LATER]: ['folderArray/items/childLastModified', 'folderArray/items/lastModified'] },
  },
  getFolderTree: {
    run: async (world, send) => {
      const { companyHandle, connection, expect } = world;
      const folderHandle = await folder(world, 'SampleTree/Boots');
      const { groupHandle } = await connection.call('saveGroup', {
        companyHandle,
        name: 'Sample tree group',
        isSystemDefined: false,
      });
      // The root's, which the folders below follow.
      await connection.call('setFolderPermissions', {
        companyHandle,
        folderHandle: folderHandle.replace('SampleTree/Boots/', ''),
        setChildren: false,
        permissionArray: [{ groupHandle, permissionType: 'Read', isAllowed: true, isOverride: true }],
      });
      const { permissionSetArray = [] } = await send({ companyHandle, depth: -1 });
      expect(permissionSetArray.map(({ permissionArray = [] }) => permissionArray[0]?.groupName)).toEqual([
        'Sample tree group',
      ]);
    },
  },
  renameFolder: {
    run: async (world, send) => {
      const { companyHandle, expect } = world;
      const folderHandle = await folder(world, 'SampleManuals');
      const renamed = await send({ companyHandle, folderHandle, folderName: 'Sample manuals of last year' });
      expect(renamed.folderHandle).toBe('f|SampleCompany/Sample manuals of last year/');
    },
  },
  moveFolder: {
    run: async (world, send) => {
      const { companyHandle, expect } = world;
      const folderHandle = await folder(world, 'SampleMoved');
      const destFolderHandle = await folder(world, 'SampleTarget');
      const moved = await send({ companyHandle, folderHandle, destFolderHandle });
      expect(moved.folderHandle).toBe('f|SampleCompany/SampleTarget/SampleMoved/');
    },
  },
  deleteFolder: {
    run: async (world, send) => {
      const { companyHandle } = world;
      await send({ companyHandle, folderHandle: await folder(world, 'SampleDeleted') });
    },
  },
  createProject: {
    run: async ({ companyHandle, expect }, send) => {
      const { projectHandle } = await send({ companyHandle, projectName: 'SampleProject' });
      expect(projectHandle).toBe('p|6|SampleProject');
    },
  },
  getProjects: {
    run: async (world, send) => {
      const { companyHandle } = world;
      await project(world, 'Sample project 1');
      await project(world, 'Sample project 2');
      await send({ companyHandle });
    },
  },
  renameProject: {
    run: async (world, send) => {
      const { companyHandle, expect } = world;
      const projectHandle = await project(world, 'SampleBefore');
      const renamed = await send({ companyHandle, projectHandle, projectName: 'SampleAfter' });
      expect(renamed.projectHandle).toBe('p|6|SampleAfter');
    },
  },
  deleteProject: {
    run: async (world, send) => {
      const { companyHandle } = world;
      await send({ companyHandle, projectHandle: await project(world, 'SampleGone') });
    },
  },
  addProjectAssets: {
    run: async (world, send) => {
      const { companyHandle, asset, expect } = world;
      const projectHandle = await project(world, 'SampleGrows');
      const answer = await send({
        companyHandle,
        projectHandle,
        assetHandleArray: [await asset('sample-added')],
      });
      expect(answer).toEqual({ successCount: 1, warningCount: 0, errorCount: 0 });
    },
  },
  setProjectAssets: {
    run: async (world, send) => {
      const { companyHandle, asset, expect } = world;
      const projectHandle = await project(world, 'SampleReplaced');
      const answer = await send({
        companyHandle,
        projectHandle,
        assetHandleArray: [await asset('sample-set')],
      });
      expect(answer).toEqual({ successCount: 1, warningCount: 0, errorCount: 0 });
    },
  },
  removeProjectAssets: {
    run: async (world, send) => {
      const { companyHandle, asset, connection, expect } = world;
      const projectHandle = await project(world, 'SampleShrinks');
      const assetHandleArray = [await asset('sample-removed-1'), await asset('sample-removed-2')];
      const input = { companyHandle, projectHandle, assetHandleArray };
      await connection.call('addProjectAssets', input);
      expect(await send(input)).toEqual({ successCount: 2, warningCount: 0, errorCount: 0 });
    },
    adds: { 'the page leaves its answer out': ['errorCount', 'successCount', 'warningCount'] },
  },
};

async function folder({ connection, companyHandle }: ServerWorld, folderPath: string): Promise<string> {
  return (await connection.call('createFolder', { companyHandle, folderPath })).folderHandle;
}

async function project({ connection, companyHandle }: ServerWorld, projectName: string): Promise<string> {
  return (await connection.call('createProject', { companyHandle, projectName })).projectHandle;
}
