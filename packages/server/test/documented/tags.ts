import type { ServerWorld } from '../facts/fact.js';
import type { Reproductions } from './sample.js';

/** Samples of the dictionaries of tag fields. */
export const tagReproductions: Reproductions = {
  addTagFieldValues: {
    run: async (world, send) => {
      const { connection, companyHandle, expect } = world;
      const fieldHandle = await tagField(world, 'SampleAdded', ['oak']);
      await send({ companyHandle, fieldHandle, valueArray: ['birch', 'maple'] });
      const { fieldArray } = await connection.call('getTagFieldValues', {
        companyHandle,
        fieldHandleArray: [fieldHandle],
      });
      expect(fieldArray).toEqual([{ fieldHandle, valueArray: ['oak', 'birch', 'maple'] }]);
    },
  },
  deleteTagFieldValues: {
    run: async (world, send) => {
      const fieldHandle = await tagField(world, 'SampleDeleted', ['oak', 'birch', 'maple']);
      await send({ companyHandle: world.companyHandle, fieldHandle, valueArray: ['birch', 'maple'] });
    },
  },
  getTagFieldValues: {
    run: async (world, send) => {
      const open = await tagField(world, 'SampleOpen', ['wide', 'narrow'], 'SingleTag');
      const closed = await tagField(world, 'SampleClosed', ['up', 'down', 'left', 'right']);
      world.expect([open, closed]).toEqual(['m|6|ASSET|SampleOpen', 'm|6|ASSET|SampleClosed']);
      const { fieldArray } = await send({
        companyHandle: world.companyHandle,
        fieldHandleArray: [open, closed],
      });
      // In the order of the request, and each dictionary in its own.
      world.expect(fieldArray).toEqual([
        { fieldHandle: open, valueArray: ['wide', 'narrow'] },
        { fieldHandle: closed, valueArray: ['up', 'down', 'left', 'right'] },
      ]);
    },
  },
  setTagFieldValues: {
    run: async (world, send) => {
      const fieldHandle = await tagField(world, 'SampleSet', ['oak', 'birch']);
      const valueArray = ['oack', 'bich', 'maple', 'pine', 'ash', 'elm'];
      await send({ companyHandle: world.companyHandle, fieldHandle, valueArray });
    },
  },
  updateTagFieldValues: {
    run: async (world, send) => {
      const fieldHandle = await tagField(world, 'SampleUpdated', ['oack', 'bich', 'maple', 'pine']);
      const answer = await send({
        companyHandle: world.companyHandle,
        fieldHandle,
        updateArray: [
          { oldValue: 'oack', newValue: 'oak' },
          { oldValue: 'bich', newValue: 'birch' },
          { oldValue: 'maple', newValue: 'pine' },
          { oldValue: 'elm', newValue: 'ash' },
        ],
      });
      world.expect(answer).toEqual({
        successCount: 2,
        warningCount: 0,
        errorCount: 2,
        errorDetailArray: [
          { value: 'maple', code: 30001, reason: "New tag value 'pine' already exists." },
          { value: 'elm', code: 30001, reason: "Tag value 'elm' not found." },
        ],
      });
    },
  },
};

/** A tag field of all types of assets, with a dictionary. */
async function tagField(
  { connection, companyHandle }: ServerWorld,
  name: string,
  valueArray: string[],
  fieldType = 'SingleFixedTag',
): Promise<string> {
  const { fieldHandle } = await connection.call('createMetadataField', {
    companyHandle,
    assetType: 'Asset',
    name,
    fieldType,
  });
  await connection.call('setTagFieldValues', { companyHandle, fieldHandle, valueArray });
  return fieldHandle;
}
