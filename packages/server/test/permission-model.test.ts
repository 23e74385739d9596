// The predicate and the operations on permission sets, compared with a small model on random trees, sets, moves and deletions.
import { and, eq, ne, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { deniedAssets, deniedFolders } from '../src/access/permissions/checks.js';
import { assetCondition, folderCondition } from '../src/access/permissions/conditions.js';
import { permissionsOfAssets } from '../src/access/permissions/effective-sets.js';
import { deniedPlaces } from '../src/access/permissions/places.js';
import type { Right } from '../src/access/permissions/rights.js';
import type { Viewer } from '../src/access/permissions/viewer.js';
import type { CompanyRow } from '../src/db/rows.js';
import * as t from '../src/db/schema.js';
import { openStore, type Store } from '../src/db/store.js';
import type { OperationName, Operations } from '../src/handled-contract.js';
import type { HandlerCall } from '../src/handlers/handler.js';
import { handlers } from '../src/handlers/registry.js';
import { assetHandle, folderHandle, groupHandle } from '../src/handles.js';
import { seedDatabase } from '../src/seed/seed-database.js';
import { type ModelEntry, type ModelNode, may, PermissionModel } from './support/permission-model.js';
import { freshDatabase } from './support/test-database.js';

const RIGHTS: readonly Right[] = ['Read', 'Write', 'Delete'];
const NOW = new Date('2026-03-01T12:00:00Z');

// In byte order, some of them are between a folder of the same beginning and what is in it.
const NAMES = ['A', 'A!', 'A0', 'a b', 'B', 'B.', 'É', '你', 'z'];

const GROUPS = 2;

/** All combinations of the groups: the people whom the test looks for. */
const CROWDS = Array.from({ length: 2 ** GROUPS }, (_, bits) =>
  Array.from({ length: GROUPS }, (_each, index) => index).filter((index) => (bits & (1 << index)) !== 0),
);

// Without a bias, most of which would be for the root.
const place = fc.noBias(fc.nat(1000));
const entries = fc.array(
  fc.record({
    group: fc.nat(GROUPS - 1),
    right: fc.constantFrom(...RIGHTS),
    isAllowed: fc.boolean(),
    isOverride: fc.boolean(),
  }),
  { maxLength: 8 },
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('folder'), on: place, name: fc.constantFrom(...NAMES) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('asset'), on: place }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('set', 'update'),
      on: place,
      children: fc.boolean(),
      entries,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('setAsset', 'updateAsset'), on: place, entries }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), on: place, children: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('removeAsset'), on: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('move', 'moveAsset'), on: place, to: place }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rename'), on: place, name: fc.constantFrom(...NAMES) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete'), on: place }) },
);
type Step = {
  readonly do: string;
  readonly on: number;
  readonly to?: number;
  readonly name?: string;
  readonly children?: boolean;
  readonly entries?: readonly ModelEntry[];
};

/** A tree to begin with: folders in each other, with assets. */
const BEGINNING: readonly Step[] = NAMES.slice(0, 5).flatMap((name, index) => [
  { do: 'folder', on: index - (index % 2), name },
  { do: 'asset', on: index },
]);

/** The server's handlers and tables, beside the model. */
class World {
  readonly model: PermissionModel;
  readonly ids = new Map<ModelNode, number>();
  #groups: number[] = [];

  readonly store: Store;
  readonly company: CompanyRow;
  readonly call: HandlerCall;

  private constructor(store: Store, company: CompanyRow, call: HandlerCall) {
    this.store = store;
    this.company = company;
    this.call = call;
    this.model = new PermissionModel(company.rootPath.slice(0, -1));
  }

  static async open(store: Store): Promise<World> {
    const { db } = store;
    await db.delete(t.assets);
    await db.delete(t.permissionSets);
    await db.delete(t.groups);
    const [company] = await db.select().from(t.companies).where(eq(t.companies.name, 'Acme'));
    const [user] = await db.select().from(t.users);
    if (company === undefined || user === undefined) throw new Error('the database was not seeded');
    await db.delete(t.folders).where(and(eq(t.folders.companyId, company.id), ne(t.folders.path, 'Acme/')));
    // The handlers of folders, assets and permissions use nothing else of a call.
    const call = { db, company, identity: { user, memberships: [] }, now: NOW } as unknown as HandlerCall;
    const world = new World(store, company, call);
    const made = await db
      .insert(t.groups)
      .values(
        Array.from({ length: GROUPS }, (_, index) => ({ companyId: company.id, name: `Group ${index}` })),
      )
      .returning();
    world.#groups = made.map(({ id }) => id);
    return world;
  }

  async run<Name extends OperationName>(
    operation: Name,
    input: Omit<Operations[Name]['input'], 'companyHandle'>,
  ): Promise<void> {
    const handler = handlers[operation];
    if (handler === undefined) throw new Error(`no handler for ${operation}`);
    // The company of the call is the one of `companyHandle`.
    await handler(input as Operations[Name]['input'], { ...this.call, operation });
  }

  handleOf = (node: ModelNode): string =>
    node.kind === 'folder' ? folderHandle(this.model.pathOf(node)) : assetHandle(this.ids.get(node) ?? 0);

  viewerOf = (crowd: readonly number[]): Viewer => ({
    companyId: this.company.id,
    groups: crowd.flatMap((index) => this.#groups[index] ?? []),
  });

  updates = (given: readonly ModelEntry[]) =>
    given.map(({ group, right, ...said }) => ({
      groupHandle: groupHandle(this.#groups[group] ?? 0),
      permissionType: right,
      ...said,
    }));

  /** Takes a step on both sides, unless it makes no sense. */
  async take(step: Step): Promise<void> {
    const { model } = this;
    const { children = false, entries: given = [] } = step;
    const folder = picked(model.folders, step.on) ?? model.root;
    const asset = picked(model.liveAssets, step.on);
    const updates = this.updates(given);
    switch (step.do) {
      case 'folder': {
        const name = step.name ?? '';
        if (model.childNamed(folder, name) !== undefined) return;
        await this.run('createFolder', { folderPath: `${model.pathOf(folder)}${name}` });
        model.add('folder', name, folder);
        return;
      }
      case 'asset': {
        const name = `asset${model.assets.length}`;
        const [row] = await this.store.db
          .insert(t.assets)
          .values({
            companyId: this.company.id,
            folderId: sql`(select id from folders where path = ${model.pathOf(folder)})`,
            name,
            type: 'Image',
            fileName: `${name}.tif`,
            created: NOW,
            lastModified: NOW,
          })
          .returning({ id: t.assets.id });
        this.ids.set(model.add('asset', name, folder), row?.id ?? 0);
        return;
      }
      case 'set':
        await this.run('setFolderPermissions', {
          folderHandle: this.handleOf(folder),
          setChildren: children,
          permissionArray: updates,
        });
        return model.replaceSet(folder, given, children);
      case 'update':
        await this.run('updateFolderPermissions', {
          folderHandle: this.handleOf(folder),
          updateChildren: children,
          updateArray: updates,
        });
        return model.updateSet(folder, given, children);
      case 'remove':
        await this.run('removeFolderPermissions', {
          folderHandle: this.handleOf(folder),
          updateChildren: children,
        });
        return model.removeSet(folder, children);
      case 'rename':
      case 'move':
        return this.#relocate(folder, step);
      case 'delete':
        if (folder === model.root) return;
        await this.run('deleteFolder', { folderHandle: this.handleOf(folder) });
        return model.deleteFolder(folder);
    }
    if (asset === undefined) return;
    const handle = this.handleOf(asset);
    switch (step.do) {
      case 'setAsset':
        await this.run('setAssetPermissions', { assetHandle: handle, permissionArray: updates });
        return model.replaceSet(asset, given, false);
      case 'updateAsset':
        await this.run('updateAssetPermissions', { assetHandle: handle, updateArray: updates });
        return model.updateSet(asset, given, false);
      case 'removeAsset':
        await this.run('removeAssetPermissions', { assetHandle: handle });
        return model.removeSet(asset, false);
      case 'moveAsset': {
        const target = picked(model.folders, step.to ?? 0) ?? model.root;
        await this.run('moveAsset', { assetHandle: handle, folderHandle: this.handleOf(target) });
        asset.parent = target;
      }
    }
  }

  async #relocate(folder: ModelNode, step: Step): Promise<void> {
    const { model } = this;
    if (folder === model.root) return;
    if (step.do === 'move') {
      const target = picked(model.folders, step.to ?? 0) ?? model.root;
      if (model.isWithin(target, folder) || model.childNamed(target, folder.name) !== undefined) return;
      await this.run('moveFolder', {
        folderHandle: this.handleOf(folder),
        destFolderHandle: this.handleOf(target),
      });
      folder.parent = target;
    } else {
      const name = step.name ?? '';
      if (folder.parent === undefined || model.childNamed(folder.parent, name) !== undefined) return;
      await this.run('renameFolder', { folderHandle: this.handleOf(folder), folderName: name });
      folder.name = name;
    }
  }

  /** Compares what everybody may do. */
  async expectSame(): Promise<void> {
    const { model } = this;
    const { db } = this.store;
    const paths = model.folders.map((folder) => model.pathOf(folder));
    const ids = model.assets.map((asset) => this.ids.get(asset) ?? 0);
    for (const crowd of CROWDS) {
      const viewer = this.viewerOf(crowd);
      const denied = {
        assets: await deniedAssets(db, viewer, ids, RIGHTS),
        folders: await deniedFolders(db, viewer, paths, RIGHTS),
      };
      for (const right of RIGHTS) {
        const mayFolder = (folder: ModelNode): boolean => may(crowd, right, folder);
        const expectedPaths = model.folders
          .filter(mayFolder)
          .map((folder) => model.pathOf(folder))
          .sort();
        const expectedAssets = model.assets
          .filter((asset) => may(crowd, right, asset))
          .map(({ name }) => name)
          .sort();
        const folders = await db
          .select({ path: t.folders.path })
          .from(t.folders)
          .where(and(eq(t.folders.companyId, this.company.id), await folderCondition(db, viewer, [right])));
        expect(folders.map(({ path }) => path).sort(), `${right} on folders by ${crowd}`).toEqual(
          expectedPaths,
        );
        const assets = await db
          .select({ name: t.assets.name })
          .from(t.assets)
          .where(and(eq(t.assets.companyId, this.company.id), await assetCondition(db, viewer, [right])));
        expect(assets.map(({ name }) => name).sort(), `${right} on assets by ${crowd}`).toEqual(
          expectedAssets,
        );
        expect(paths.filter((path) => denied.folders.get(path)?.includes(right) !== true).sort()).toEqual(
          expectedPaths,
        );
        expect(
          model.assets
            .filter((asset) => denied.assets.get(this.ids.get(asset) ?? 0)?.includes(right) !== true)
            .map(({ name }) => name)
            .sort(),
        ).toEqual(expectedAssets);
      }
    }
    const somebody = this.viewerOf([0, 1]);
    const anywhere = model.folders.at(-1) ?? model.root;
    const place = `${model.pathOf(anywhere)}New/Newer/`;
    expect((await deniedPlaces(db, somebody, [place], RIGHTS)).get(place) ?? []).toEqual(
      RIGHTS.filter((right) => !may([0, 1], right, anywhere)),
    );
  }

  /** Compares the permissions that answers show for live assets. */
  async expectShown(): Promise<void> {
    const live = this.model.liveAssets;
    const rows = await this.store.db.select({ id: t.assets.id, folderId: t.assets.folderId }).from(t.assets);
    const shown = await permissionsOfAssets(this.store.db, rows);
    const name = (handle: string | undefined): number =>
      this.#groups.findIndex((id) => groupHandle(id) === handle);
    for (const asset of live) {
      const set = this.model.effectiveSet(asset);
      const permissions = shown.get(this.ids.get(asset) ?? 0);
      expect(
        permissions
          ?.map(({ groupHandle: group, permissionType, isAllowed, isOverride }) => [
            `${name(group)} ${permissionType}`,
            { isAllowed, isOverride },
          ])
          .sort(),
      ).toEqual(set === undefined ? undefined : [...set].sort());
    }
  }
}

const picked = (nodes: readonly ModelNode[], at: number): ModelNode | undefined => nodes[at % nodes.length];

function compareOn(open: (context: TestContext) => Promise<Store>, cases: number): void {
  let store: Store | undefined;
  afterAll(() => store?.close());

  it('gives everybody the rights that the model gives', { timeout: 600_000 }, async (context) => {
    store ??= await open(context);
    const opened = store;
    await seedDatabase(opened.db, {
      company: 'Acme',
      admin: { email: 'admin@example.com', passwordHash: '' },
      now: NOW,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        const world = await World.open(opened);
        for (const each of BEGINNING) await world.take(each);
        for (const each of steps) await world.take(each);
        await world.expectSame();
        await world.expectShown();
      }),
      { numRuns: casesOf(cases) },
    );
  });
}

describe('permissions on the embedded database', () => {
  compareOn(() => openStore({ kind: 'memory' }), 300);
});

describe('permissions on a PostgreSQL server', () => {
  let drop: (() => Promise<void>) | undefined;
  beforeAll(() => () => drop?.());
  compareOn(async (context) => {
    const database = await freshDatabase(context);
    drop = database.drop;
    return openStore({ kind: 'server', url: database.url });
  }, 300);
});
