import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { assetCondition } from '../access/permissions/conditions.js';
import { READ } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { acceptBatch } from '../assets/asset-batch.js';
import { inTransaction } from '../assets/asset-changes.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { alreadyExists, invalidParameter } from '../faults.js';
import { projectHandle } from '../handles.js';
import { findProject } from '../search/asset-scope.js';
import type { AreaHandlers } from './handler.js';

/** Operations on projects, which group assets regardless of folder. */
export const projectHandlers: AreaHandlers = {
  getProjects: async (_input, call) => {
    const rows = await call.db
      .select()
      .from(t.projects)
      .where(eq(t.projects.companyId, companyOf(call).id))
      .orderBy(asc(t.projects.name));
    return { projectArray: rows.map((row) => ({ projectHandle: projectHandle(row), name: row.name })) };
  },

  createProject: async (input, call) => {
    const { projectName: name } = input;
    checkName(name);
    const [row] = await call.db
      .insert(t.projects)
      .values({ companyId: companyOf(call).id, name })
      .onConflictDoNothing()
      .returning();
    if (row === undefined) throw alreadyExists('projectName', name);
    return { projectHandle: projectHandle(row) };
  },

  renameProject: async (input, call) => {
    const company = companyOf(call);
    const { projectName: name } = input;
    checkName(name);
    const project = await findProject(call.db, company, input.projectHandle);
    return inTransaction(call, async (tx) => {
      const taken = await tx.$count(
        t.projects,
        and(eq(t.projects.companyId, company.id), eq(t.projects.name, name)),
      );
      if (taken > 0 && name !== project.name) throw alreadyExists('projectName', name);
      await tx.update(t.projects).set({ name }).where(eq(t.projects.id, project.id));
      return { projectHandle: projectHandle({ companyId: company.id, name }) };
    });
  },

  deleteProject: async (input, call) => {
    const project = await findProject(call.db, companyOf(call), input.projectHandle);
    await call.db.delete(t.projects).where(eq(t.projects.id, project.id));
    return {};
  },

  // Assets with faults are omitted; the others replace those of the project, as far as the caller may read them.
  setProjectAssets: async (input, call) => {
    const project = await findProject(call.db, companyOf(call), input.projectHandle);
    const { ids, result } = await liveAssets(call, input.assetHandleArray);
    const readable = await assetCondition(call.db, await callerOf(call), READ);
    const inProject = eq(t.projectAssets.projectId, project.id);
    await inTransaction(call, async (tx) => {
      const members = tx.select({ id: t.projectAssets.assetId }).from(t.projectAssets).where(inProject);
      const known = tx
        .select({ id: t.assets.id })
        .from(t.assets)
        .where(and(inArray(t.assets.id, members), readable));
      await tx
        .delete(t.projectAssets)
        .where(and(inProject, readable && inArray(t.projectAssets.assetId, known)));
      await addAssets(tx, project.id, ids);
    });
    return result.answer();
  },

  addProjectAssets: async (input, call) => {
    const project = await findProject(call.db, companyOf(call), input.projectHandle);
    const { ids, result } = await liveAssets(call, input.assetHandleArray);
    await inTransaction(call, (tx) => addAssets(tx, project.id, ids));
    return result.answer();
  },

  removeProjectAssets: async (input, call) => {
    const project = await findProject(call.db, companyOf(call), input.projectHandle);
    const inProject = new Set(
      (
        await call.db
          .select({ id: t.projectAssets.assetId })
          .from(t.projectAssets)
          .where(eq(t.projectAssets.projectId, project.id))
      ).map(({ id }) => id),
    );
    const { accepted, result } = await acceptBatch(call, input.assetHandleArray, {
      array: 'assetHandleArray',
      handleOf: (handle) => handle,
      rights: READ,
      inTrash: true,
      check: (handle, asset, path) => {
        if (!inProject.has(asset.id)) {
          throw invalidParameter(path, handle, `an asset of the project '${project.name}'`);
        }
      },
    });
    await call.db.delete(t.projectAssets).where(
      and(
        eq(t.projectAssets.projectId, project.id),
        anyOf(
          t.projectAssets.assetId,
          accepted.map(({ asset }) => asset.id),
        ),
      ),
    );
    return result.answer();
  },
};

function checkName(name: string): void {
  if (name.trim() === '' || name.length > 255 || /\p{Cc}/u.test(name)) {
    throw invalidParameter('projectName', name, 'a name of 1 to 255 characters without control characters');
  }
}

async function liveAssets(call: Call, handles: readonly string[]) {
  const { accepted, result } = await acceptBatch(call, handles, {
    array: 'assetHandleArray',
    handleOf: (handle) => handle,
    rights: READ,
    check: () => undefined,
  });
  return { ids: [...new Set(accepted.map(({ asset }) => asset.id))], result };
}

async function addAssets(tx: Db, projectId: number, ids: readonly number[]): Promise<void> {
  for (let start = 0; start < ids.length; start += 1000) {
    const part = ids.slice(start, start + 1000);
    await tx
      .insert(t.projectAssets)
      .values(part.map((assetId) => ({ projectId, assetId })))
      .onConflictDoNothing();
  }
}
