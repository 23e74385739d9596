// The smallest inputs with handles of what exists, for tests that call every operation.
import { type Contract, contract } from '@ips-sdk/types/contract';
import { handledContract } from '../../src/handled-contract.js';
import { inputFields, minimalInput } from './minimal-input.js';

/** What inputs name: handles. */
export interface NamedObjects {
  readonly folder: string;
  readonly image: string;
  /** An asset in the trash. */
  readonly trashed: string;
  readonly map: string;
  readonly target: string;
  readonly field: string;
  readonly context: string;
  readonly project: string;
}

/** The contract that has an operation. */
export const contractOf = (operation: string): Contract =>
  Object.hasOwn(contract.operations, operation) ? contract : handledContract;

/** The path in the handle of a folder. */
const pathOf = (folder: string): string => folder.slice(2);

const HANDLES: Readonly<Record<string, (objects: NamedObjects) => string>> = {
  assetHandle: ({ image }) => image,
  ownerHandle: ({ image }) => image,
  thumbAssetHandle: ({ image }) => image,
  originatorHandle: ({ image }) => image,
  folderHandle: ({ folder }) => folder,
  destFolderHandle: ({ folder }) => folder,
  imageMapHandle: ({ map }) => map,
  zoomTargetHandle: ({ target }) => target,
  fieldHandle: ({ field }) => field,
  contextHandle: ({ context }) => context,
  projectHandle: ({ project }) => project,
  subAssetHandle: () => 'sa|1|1',
};

/** Values that the smallest input with handles lacks. */
const INPUTS: Readonly<Partial<Record<string, (objects: NamedObjects) => object>>> = {
  createDerivedAsset: () => ({ type: 'AdjustedView' }),
  createTemplate: () => ({ type: 'Template', urlModifier: 'layer=0' }),
  createImageSet: () => ({ type: 'ImageSet' }),
  createFolder: ({ folder }) => ({ folderPath: `${pathOf(folder)}New/` }),
  getFolders: ({ folder }) => ({ folderPath: pathOf(folder) }),
  getFolderTree: ({ folder }) => ({ folderPath: pathOf(folder), depth: 5 }),
  searchAssets: () => ({ includeSubfolders: true }),
  searchAssetsByMetadata: () => ({ filters: { includeSubfolders: true } }),
  getAssetsByName: () => ({ nameArray: ['red'] }),
  checkAssetNames: () => ({ assetNameArray: ['red'] }),
  getAutoCropRect: () => ({ autoTransparentCropOptions: { tolerance: 0.1 } }),
  getAssetCounts: () => ({}),
  getGenerationInfo: ({ image }) => ({ originatorHandle: image }),
  saveImageMap: () => ({ shapeType: 'Rectangle', region: '1,2,3,4' }),
  setAssetPublishState: () => ({ publishState: 'MarkedForPublish' }),
  setAssetsPublishState: ({ image }) => ({
    publishStateUpdateArray: [{ assetHandle: image, publishState: 'MarkedForPublish' }],
  }),
  setAssetsContextState: ({ image, context }) => ({
    assetsContextStateUpdateArray: [
      {
        assetHandle: image,
        contextStateUpdateArray: [{ contextHandle: context, publishState: 'MarkedForPublish' }],
      },
    ],
  }),
  emptyAssetsFromTrash: ({ trashed }) => ({ assetHandleArray: [trashed] }),
  restoreAssetsFromTrash: ({ trashed }) => ({ assetHandleArray: [trashed] }),
  submitJob: ({ image }) => ({
    exportJob: { assetHandleArray: [image], fmt: 'orig', emailSetting: 'None' },
  }),
};

/** The smallest input, with handles of what exists, and one item in each list of updates or handles. */
export function filledInput(known: Contract, operation: string, objects: NamedObjects): object {
  const message = known.operations[operation]?.input ?? '';
  return {
    ...withHandles(known, message, minimalInput(known, operation), objects),
    ...(inputFields(known, operation).includes('companyHandle') ? { companyHandle: 'c|6' } : {}),
    ...INPUTS[operation]?.(objects),
  };
}

function withHandles(
  known: Contract,
  owner: string,
  value: object,
  objects: NamedObjects,
): Record<string, unknown> {
  const fields = (known.messages[owner] ?? known.types[owner]) as
    | { readonly fields: readonly (readonly [string, string, number, ...unknown[]])[] }
    | undefined;
  const filled: Record<string, unknown> = { ...value };
  for (const [name, type, minOccurs] of fields?.fields ?? []) {
    if (minOccurs === 0) continue;
    const handle = HANDLES[name];
    const definition = known.types[type];
    if (handle !== undefined) filled[name] = handle(objects);
    else if (/assetHandleArray$/i.test(name)) filled[name] = [objects.image];
    else if (definition !== undefined && 'fields' in definition && definition.array === true) {
      const [[, itemType = ''] = []] = definition.fields;
      if (/Update|Move/.test(itemType))
        filled[name] = [withHandles(known, itemType, itemOf(known, itemType), objects)];
    } else if (definition !== undefined && 'fields' in definition)
      filled[name] = withHandles(known, type, filled[name] as object, objects);
  }
  return filled;
}

/** The smallest item of a list. */
function itemOf(known: Contract, type: string): object {
  const probe = { ...known, messages: { Probe: { element: 'probe', fields: [['item', type, 1, 1]] } } };
  const operations = { probe: { action: '', input: 'Probe', idempotency: 'safe' } };
  // A contract with one operation, whose input is the item.
  return minimalInput({ ...probe, operations } as unknown as Contract, 'probe')['item'] as object;
}
