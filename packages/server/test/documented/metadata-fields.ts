import type { Reproductions } from './sample.js';

/** Samples of the definitions of metadata fields. */
export const metadataFieldReproductions: Reproductions = {
  createMetadataField: {
    run: async ({ companyHandle, expect }, send) => {
      const { fieldHandle } = await send({
        companyHandle,
        assetType: 'Image',
        name: 'SampleCreated',
        fieldType: 'String',
        initialTagValue: 'Linen',
        defaultValue: 'Cotton',
      });
      expect(fieldHandle).toBe('m|6|IMAGE|SampleCreated');
    },
  },
  deleteMetadataField: {
    run: async ({ connection, companyHandle }, send) => {
      const { fieldHandle } = await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Image',
        name: 'SampleDoomed',
        fieldType: 'String',
      });
      await send({ companyHandle, fieldHandle });
    },
  },
  getAssetMetadataFields: {
    run: async ({ connection, companyHandle, expect }, send) => {
      await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Asset',
        name: 'SampleOfAll',
        fieldType: 'String',
      });
      const { assetFieldsArray } = await send({ companyHandle });
      expect(assetFieldsArray.map(({ assetType }) => assetType)).toContain('Asset');
    },
  },
  getMetadataFields: {
    run: async ({ connection, companyHandle, expect }, send) => {
      const { fieldHandle } = await connection.call('saveMetadataField', {
        companyHandle: '6',
        assetType: 'Pdf',
        name: 'SampleOfPdf',
        fieldType: 'String',
        defaultValue: '90',
      });
      const { fieldArray } = await send({ companyHandle: '6', assetType: 'Pdf' });
      expect(fieldArray).toContainEqual({
        fieldHandle,
        name: 'SampleOfPdf',
        type: 'String',
        defaultValue: '90',
        isRequired: false,
        isUserDefined: true,
        isHidden: false,
        isEnforced: false,
      });
      await connection.call('deleteMetadataField', { companyHandle, fieldHandle });
    },
    adds: {
      'fields of later contracts': ['fieldArray/items/isHidden', 'fieldArray/items/isEnforced'],
    },
  },
  saveMetadataField: {
    run: async ({ connection, companyHandle }, send) => {
      const { fieldHandle } = await send({
        companyHandle: '6',
        assetType: 'Pdf',
        name: 'SampleSaved',
        fieldType: 'String',
        defaultValue: '90',
      });
      await connection.call('deleteMetadataField', { companyHandle, fieldHandle });
    },
  },
  updateMetadataField: {
    run: async ({ connection, companyHandle, expect }, send) => {
      const { fieldHandle } = await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Image',
        name: 'SampleBefore',
        fieldType: 'String',
      });
      const updated = await send({
        companyHandle,
        fieldHandle,
        name: 'SampleAfter',
        defaultValue: 'Cotton',
      });
      expect(updated.fieldHandle).toBe('m|6|IMAGE|SampleAfter');
    },
  },
};
