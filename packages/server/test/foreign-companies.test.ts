// What belongs to one company stays with it: every operation that takes handles is called with those of another company, by
// users who are not system administrators.
import type { OperationName, Operations, SubmitJobParam } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { IpsFault } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { handlers } from '../src/handlers/registry.js';
import type { Snapshot } from '../src/seed/snapshot.js';
import { type Connection, connect } from './support/call.js';
import { plantAssets } from './support/plant-assets.js';
import { serverForFile } from './support/shared-server.js';
import { WEB_FORMAT } from './support/vignette-format.js';

const THEIRS = 'c|6';
const OWN = 'c|7';
const ROOT = 'f|SampleCompany/';
const OWN_ROOT = 'f|Other/';
const password = 'Sunny-Day-42';
const publishState = 'MarkedForPublish';
const CALLERS = ['IpsCompanyAdmin', 'IpsUser'] as const;

type Call = { readonly [Name in OperationName]: readonly [Name, Operations[Name]['input']] }[OperationName];

let server: IpsServer;
let calls: readonly Call[];
let before: Snapshot;
const answered: OperationName[] = [];

serverForFile('manual', async (shared) => {
  server = shared;
  await server.seed({
    companies: [{ name: 'Other' }],
    users: [
      { email: 'ann@example.com', password, memberships: [{ company: 'Sample Company', role: 'IpsUser' }] },
      ...CALLERS.map((role) => ({
        email: `${role}@example.com`,
        password,
        memberships: [{ company: 'Other', role }],
      })),
    ],
  });
  const [image = '', trashed = '', zip = ''] = await plantAssets(server, [
    { name: 'red', readyForPublish: true },
    { name: 'old', trashState: 'InTrash' },
    { name: 'things', type: 'Zip' },
  ]);
  const [own = ''] = await plantAssets(server, [{ name: 'mine' }], 7);
  calls = await callsOf(connect(server), { image, trashed, zip, own });
  before = await server.snapshot();
});

const as = (role: string): Connection => connect(server, { email: `${role}@example.com`, password });

/** Creates one of each thing in the company, and lists the calls that an outsider makes with its handle. */
async function callsOf(
  admin: Connection,
  assets: { image: string; trashed: string; zip: string; own: string },
): Promise<readonly Call[]> {
  const { image, trashed, zip, own } = assets;
  const theirs = { companyHandle: THEIRS };
  const mine = { companyHandle: OWN };
  const { folderHandle } = await admin.call('createFolder', { ...theirs, folderPath: '/Shoes' });
  const field = await admin.call('createMetadataField', {
    ...theirs,
    assetType: 'Image',
    name: 'Season',
    fieldType: 'String',
  });
  const tags = await admin.call('createMetadataField', {
    ...theirs,
    assetType: 'Image',
    name: 'Colors',
    fieldType: 'MultiTag',
  });
  await admin.call('setTagFieldValues', { ...theirs, ...tags, valueArray: ['red'] });
  const project = await admin.call('createProject', { ...theirs, projectName: 'Spring' });
  const { userArray } = await admin.call('getAllUsers', { includeInvalid: true });
  const userHandle = userArray.find(({ email }) => email === 'ann@example.com')?.userHandle ?? '';
  const self = userArray.find(({ email }) => email.startsWith('IpsCompanyAdmin'))?.userHandle ?? '';
  const group = await admin.call('saveGroup', { ...theirs, name: 'Photographers', isSystemDefined: false });
  await admin.call('setGroupMembers', { ...theirs, ...group, userHandleArray: [userHandle] });
  const set = await admin.call('createImageSet', {
    ...theirs,
    folderHandle: ROOT,
    name: 'set',
    type: 'ImageSet',
  });
  const mixed = await admin.call('createAssetSet', {
    ...theirs,
    folderHandle: ROOT,
    name: 'mixed',
    subType: 'MixedMedia',
  });
  const ownSet = await admin.call('createImageSet', {
    ...mine,
    folderHandle: OWN_ROOT,
    name: 'mine too',
    type: 'ImageSet',
  });
  const ownMixed = await admin.call('createAssetSet', {
    ...mine,
    folderHandle: OWN_ROOT,
    name: 'mine mixed',
    subType: 'MixedMedia',
  });
  const vignetteFormat = await admin.call('createVignettePublishFormat', {
    ...theirs,
    ...WEB_FORMAT,
  });
  const opened = await admin.call('uploadPost', {
    ...theirs,
    jobName: 'Files',
    uploadParams: { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' },
  });
  const ownProject = await admin.call('createProject', { ...mine, projectName: 'Autumn' });
  const ownGroup = await admin.call('saveGroup', { ...mine, name: 'Writers', isSystemDefined: false });
  const ownField = await admin.call('createMetadataField', {
    ...mine,
    assetType: 'Image',
    name: 'Season',
    fieldType: 'String',
  });
  const map = { name: 'map', shapeType: 'Rectangle', region: '1,2,3,4', action: 'href="x"', enabled: true };
  const savedMap = await admin.call('saveImageMap', {
    ...theirs,
    assetHandle: image,
    ...map,
    position: 1,
  });
  const target = { name: 'target', xPosition: 1, yPosition: 2, width: 3, height: 4 };
  const savedTarget = await admin.call('saveZoomTarget', { ...theirs, assetHandle: image, ...target });
  const type = await admin.call('createPropertySetType', {
    ...theirs,
    name: 'Look',
    propertyType: 'CompanyProperty',
    allowMultiple: true,
  });
  const ownType = await admin.call('createPropertySetType', {
    ...mine,
    name: 'Look',
    propertyType: 'CompanyProperty',
    allowMultiple: true,
  });
  const ownUserType = await admin.call('createPropertySetType', {
    ...mine,
    name: 'Taste',
    propertyType: 'UserProperty',
    allowMultiple: true,
  });
  const propertyArray = [{ name: 'color', value: 'red' }];
  const properties = await admin.call('createPropertySet', {
    ...type,
    primaryOwnerHandle: THEIRS,
    propertyArray,
  });
  const ownProperties = await admin.call('createPropertySet', {
    ...ownType,
    primaryOwnerHandle: OWN,
    propertyArray,
  });
  const entry = { permissionType: 'Read', isAllowed: true, isOverride: true };
  const foreignEntries = [{ ...group, ...entry }];
  const job = await admin.call('submitJob', {
    ...theirs,
    jobName: 'Nightly',
    execSchedule: '0 0 3 * * ?',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  await admin.call('executeJob', { ...theirs, ...job });
  const imageFormat = await admin.call('saveImageFormat', { ...theirs, name: 'Large', urlModifier: 'wid=1' });
  const { viewerPresetHandle } = await admin.call('createViewerPreset', {
    ...theirs,
    folderHandle: ROOT,
    name: 'zoom',
    type: 'BasicZoom',
    configSettingArray: [],
  });
  const preset = { ...mine, assetHandle: viewerPresetHandle };
  const foreignSkin = [{ name: 'skin', handle: image }];
  const { viewerPresetHandle: ownPreset } = await admin.call('createViewerPreset', {
    ...mine,
    folderHandle: OWN_ROOT,
    name: 'mine zoom',
    type: 'BasicZoom',
  });
  const { invalidationHandle } = await admin.call('cdnCacheInvalidation', {
    ...theirs,
    urlArray: ['https://images.example.com/is/image/SampleCompany/red'],
  });
  const { publishContextArray } = await admin.call('getPublishContexts', theirs);
  const context = (wanted: string): string =>
    publishContextArray.find(({ contextType }) => contextType === wanted)?.contextHandle ?? '';
  const contextHandle = context('ImageServing');
  const asset = { ...mine, assetHandle: image };
  const several = { ...mine, assetHandleArray: [image] };
  const profile = image;
  const upload = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;
  const post = {
    postImageServingPublishJob: { publishType: 'Full', emailSetting: 'None', contextHandle },
  } as const;
  const submit = { ...mine, jobName: 'Foreign' };
  const person = {
    firstName: 'A',
    lastName: 'B',
    email: 'new@example.com',
    isValid: true,
    isIpsAdmin: false,
  };
  const membershipArray = [{ companyHandle: THEIRS, role: 'IpsUser', isActive: true }];
  return [
    ['setCompanySettings', { ...mine, defaultSourceProfileHandle: profile }],
    ['setCompanySettings', { ...mine, defaultDisplayProfileHandle: profile }],
    ['setCompanySettings', { ...mine, iptcExifMappingXsltHandle: profile }],
    ['setCompanySettings', { ...mine, xmpMappingXsltHandle: profile }],
    ['setPassword', { userHandle, password }],
    ['addUser', { ...person, password, membershipArray }],
    ['setUserInfo', { ...person, userHandle }],
    ['getUserInfo', { userHandle }],
    ['getUserInfo', { email: 'ann@example.com' }],
    ['getUsers', { companyHandleArray: [THEIRS] }],
    ['getUsers', { ...{ groupHandleArray: [group.groupHandle] } }],
    ['getUserChars', { charField: 'Email', companyHandleArray: [THEIRS] }],
    ['getUserChars', { charField: 'Email', groupHandleArray: [group.groupHandle] }],
    ['getCompanyMembership', { userHandle }],
    ['setCompanyMembership', { userHandle, membershipArray: [] }],
    ['setCompanyMembership', { membershipArray }],
    ['addCompanyMembership', { userHandle, membershipArray }],
    ['addCompanyMembership', { membershipArray }],
    ['removeCompanyMembership', { userHandle, companyHandleArray: [OWN] }],
    ['removeCompanyMembership', { userHandle: self, companyHandleArray: [THEIRS] }],
    ['saveGroup', { ...mine, ...group, name: 'Taken', isSystemDefined: false }],
    ['deleteGroup', { ...mine, ...group }],
    ['getGroupMembers', { ...mine, ...group }],
    ['setGroupMembers', { ...mine, ...group, userHandleArray: [] }],
    ['setGroupMembers', { ...mine, ...ownGroup, userHandleArray: [userHandle] }],
    ['addGroupMembers', { ...mine, ...group, userHandleArray: [] }],
    ['addGroupMembers', { ...mine, ...ownGroup, userHandleArray: [userHandle] }],
    ['removeGroupMembers', { ...mine, ...group, userHandleArray: [userHandle] }],
    ['getGroupMembership', { userHandle }],
    ['getGroupMembership', { ...mine, userHandle }],
    ['setGroupMembership', { userHandle, groupHandleArray: [] }],
    ['setGroupMembership', { groupHandleArray: [group.groupHandle] }],
    ['addGroupMembership', { groupHandleArray: [group.groupHandle] }],
    ['addGroupMembership', { userHandle, groupHandleArray: [ownGroup.groupHandle] }],
    ['removeGroupMembership', { userHandle, groupHandleArray: [group.groupHandle] }],
    ['removeGroupMembership', { groupHandleArray: [group.groupHandle] }],
    ['setAssetPermissions', { ...mine, assetHandle: image, permissionArray: [] }],
    ['setAssetPermissions', { ...mine, ...ownSet, permissionArray: foreignEntries }],
    ['updateAssetPermissions', { ...mine, assetHandle: image, updateArray: [] }],
    ['updateAssetPermissions', { ...mine, ...ownSet, updateArray: foreignEntries }],
    ['removeAssetPermissions', { ...mine, assetHandle: image }],
    ['setFolderPermissions', { ...mine, folderHandle: ROOT, setChildren: true, permissionArray: [] }],
    [
      'setFolderPermissions',
      { ...mine, folderHandle: OWN_ROOT, setChildren: true, permissionArray: foreignEntries },
    ],
    ['updateFolderPermissions', { ...mine, folderHandle: ROOT, updateChildren: true, updateArray: [] }],
    [
      'updateFolderPermissions',
      { ...mine, folderHandle: OWN_ROOT, updateChildren: true, updateArray: foreignEntries },
    ],
    ['removeFolderPermissions', { ...mine, folderHandle: ROOT, updateChildren: true }],
    ['setPropertySetPermissions', { ...properties, permissionArray: [] }],
    ['setPropertySetPermissions', { ...ownProperties, permissionArray: foreignEntries }],
    ['updatePropertySetPermissions', { ...properties, updateArray: [] }],
    ['updatePropertySetPermissions', { ...ownProperties, updateArray: foreignEntries }],
    ['removePropertySetPermissions', properties],
    ['getFolders', { ...mine, folderPath: 'SampleCompany/Shoes/' }],
    ['getFolders', { ...mine, accessUserHandle: userHandle }],
    ['getFolders', { ...mine, accessGroupHandle: group.groupHandle }],
    ['getFolderTree', { ...mine, folderPath: 'SampleCompany/Shoes/', depth: -1 }],
    ['getFolderTree', { ...mine, depth: 0, accessUserHandle: userHandle }],
    ['getFolderTree', { ...mine, depth: 0, accessGroupHandle: group.groupHandle }],
    ['renameFolder', { ...mine, folderHandle, folderName: 'Taken' }],
    ['moveFolder', { ...mine, folderHandle, destFolderHandle: OWN_ROOT }],
    ['moveFolder', { ...mine, folderHandle: OWN_ROOT, destFolderHandle: folderHandle }],
    ['deleteFolder', { ...mine, folderHandle }],
    ['searchAssets', { ...mine, folder: 'SampleCompany/Shoes/', includeSubfolders: true }],
    ['searchAssets', { ...mine, includeSubfolders: true, ...project }],
    ['searchAssets', { ...mine, includeSubfolders: true, accessUserHandle: userHandle }],
    ['searchAssets', { ...mine, includeSubfolders: true, accessGroupHandle: group.groupHandle }],
    [
      'searchAssets',
      {
        ...mine,
        includeSubfolders: true,
        tagConditionArray: [{ ...tags, op: 'MatchesAny', value: 'red' }] as never,
      },
    ],
    [
      'searchAssets',
      {
        ...mine,
        includeSubfolders: true,
        metadataConditionArray: [{ ...field, op: 'Equals', value: 'x' }] as never,
      },
    ],
    ['searchAssetsByMetadata', { ...mine, filters: { includeSubfolders: true, ...project } as never }],
    ['getAssets', several],
    ['getAssetsByName', { ...mine, nameArray: ['red'] }],
    ['getAssociatedAssets', asset],
    ['getGenerationInfo', { ...mine, originatorHandle: image }],
    ['getGenerationInfo', { ...mine, generatedHandle: image }],
    ['getOriginalFilePaths', several],
    ['getZipEntries', { ...mine, assetHandle: zip }],
    ['getSearchStrings', asset],
    ['getPhotoshopPathNames', asset],
    ['getPhotoshopPath', { ...asset, pathName: 'Path 1' }],
    ['updateVignettePublishFormat', { ...mine, ...vignetteFormat, name: 'Taken' }],
    ['deleteVignettePublishFormat', { ...mine, ...vignetteFormat }],
    ['uploadPost', { ...mine, ...opened, endJob: true }],
    ['getAutoCropRect', { ...asset, autoTransparentCropOptions: { tolerance: 0.1 } }],
    ['moveAsset', { ...asset, folderHandle: OWN_ROOT }],
    ['moveAsset', { ...mine, assetHandle: own, folderHandle }],
    ['moveAssets', { ...mine, assetMoveArray: [{ assetHandle: image, folderHandle: OWN_ROOT }] }],
    ['moveAssets', { ...mine, assetMoveArray: [{ assetHandle: own, folderHandle }] }],
    ['renameAsset', { ...asset, newName: 'taken', validateName: true }],
    ['deleteAsset', asset],
    ['deleteAssets', several],
    ['emptyAssetsFromTrash', { ...mine, assetHandleArray: [trashed] }],
    ['restoreAssetsFromTrash', { ...mine, assetHandleArray: [trashed] }],
    ['copyImage', { ...asset, folderHandle: OWN_ROOT, name: 'copy', urlModifier: '' }],
    ['copyImage', { ...mine, assetHandle: own, folderHandle, name: 'copy', urlModifier: '' }],
    ['replaceImage', { ...asset, urlModifier: 'wid=1' }],
    [
      'createDerivedAsset',
      { ...mine, ownerHandle: image, folderHandle: OWN_ROOT, name: 'v', type: 'LayerView' },
    ],
    ['createDerivedAsset', { ...mine, ownerHandle: own, folderHandle, name: 'v', type: 'LayerView' }],
    ['createTemplate', { ...mine, folderHandle, name: 't', type: 'Template' }],
    ['setUrlModifier', { ...asset, urlModifier: 'wid=1' }],
    ['batchSetImageFields', { ...mine, updateArray: [{ assetHandle: image, resolution: 9 }] }],
    ['batchSetFontFields', { ...mine, updateArray: [{ assetHandle: image, fontName: 'x' }] }],
    ['batchSetIccProfileFields', { ...mine, updateArray: [{ assetHandle: image, class: 'Display' }] }],
    ['batchSetThumbAsset', { ...mine, updateArray: [{ assetHandle: own, thumbAssetHandle: image }] }],
    ['batchSetThumbAsset', { ...mine, updateArray: [{ assetHandle: image }] }],
    ['removeMask', asset],
    ['updateMetadataField', { ...mine, ...field, name: 'Taken' }],
    [
      'saveMetadataField',
      { ...mine, ...field, assetType: 'Image', name: 'Taken', fieldType: 'String', defaultValue: '' },
    ],
    ['deleteMetadataField', { ...mine, ...field }],
    ['setAssetMetadata', { ...asset, updateArray: [{ ...ownField, value: 'x' }] }],
    ['setAssetMetadata', { ...mine, assetHandle: own, updateArray: [{ ...field, value: 'x' }] }],
    [
      'batchSetAssetMetadata',
      {
        ...mine,
        updateArray: [
          { assetHandleArray: [image], updateArray: [{ ...ownField, value: 'x' }] },
          { assetHandleArray: [own], updateArray: [{ ...field, value: 'x' }] },
        ],
      },
    ],
    ['deleteAssetMetadata', { ...asset, deleteArray: [ownField] }],
    ['deleteAssetMetadata', { ...mine, assetHandle: own, deleteArray: [field] }],
    ['getUniqueMetadataValues', { ...mine, ...field }],
    ['getTagFieldValues', { ...mine, fieldHandleArray: [tags.fieldHandle] }],
    ['setTagFieldValues', { ...mine, ...tags, valueArray: ['x'] }],
    ['addTagFieldValues', { ...mine, ...tags, valueArray: ['x'] }],
    ['updateTagFieldValues', { ...mine, ...tags, updateArray: [{ oldValue: 'red', newValue: 'x' }] }],
    ['deleteTagFieldValues', { ...mine, ...tags, valueArray: ['red'] }],
    ['getXMPPacket', asset],
    ['updateXMPPacket', { ...asset, compressedPacket: 'eJwDAAAAAAE=' }],
    ['createImageSet', { ...mine, folderHandle, name: 's', type: 'ImageSet' }],
    [
      'createImageSet',
      { ...mine, folderHandle: OWN_ROOT, name: 's', type: 'ImageSet', thumbAssetHandle: image },
    ],
    ['updateImageSet', { ...mine, ...set, thumbAssetHandle: own }],
    ['updateImageSet', { ...mine, ...ownSet, thumbAssetHandle: image }],
    ['getImageSetMembers', { ...mine, ...set }],
    ['setImageSetMembers', { ...mine, ...set, memberArray: [] }],
    ['setImageSetMembers', { ...mine, ...ownSet, memberArray: [{ assetHandle: image, pageReset: true }] }],
    ['createAssetSet', { ...mine, folderHandle, name: 's', subType: '' }],
    ['createAssetSet', { ...mine, folderHandle: OWN_ROOT, name: 's', subType: '', thumbAssetHandle: image }],
    [
      'createAssetSet',
      {
        ...mine,
        folderHandle: OWN_ROOT,
        name: 's',
        subType: '',
        setDefinition: `\${getCatalogId([${image}])}`,
      },
    ],
    ['updateAssetSet', { ...mine, ...mixed, setDefinition: 'x' }],
    ['updateAssetSet', { ...mine, ...ownMixed, thumbAssetHandle: image }],
    ['setAssetSetDefinition', { ...mine, ...mixed, setDefinition: 'x' }],
    ['getImageFormats', mine],
    ['saveImageFormat', { ...mine, ...imageFormat, name: 'Taken', urlModifier: '' }],
    ['deleteImageFormat', { ...mine, ...imageFormat }],
    ['createViewerPreset', { ...mine, folderHandle, name: 'v', type: 'Spin' }],
    [
      'createViewerPreset',
      { ...mine, folderHandle: OWN_ROOT, name: 'v', type: 'Spin', configSettingArray: foreignSkin },
    ],
    ['getViewerConfigSettings', preset],
    ['setViewerConfigSettings', { ...preset, name: 'v', type: 'Spin', configSettingArray: [] }],
    [
      'setViewerConfigSettings',
      { ...mine, assetHandle: ownPreset, name: 'v', type: 'Spin', configSettingArray: foreignSkin },
    ],
    ['updateViewerConfigSettings', { ...preset, configSettingArray: [] }],
    ['updateViewerConfigSettings', { ...mine, assetHandle: ownPreset, configSettingArray: foreignSkin }],
    ['saveImageMap', { ...asset, ...map, position: 1 }],
    ['saveImageMap', { ...mine, assetHandle: own, ...savedMap, ...map, position: 1 }],
    ['setImageMaps', { ...asset, imageMapArray: [map] }],
    ['deleteImageMap', { ...mine, ...savedMap }],
    ['saveZoomTarget', { ...asset, ...target }],
    ['saveZoomTarget', { ...mine, assetHandle: own, ...savedTarget, ...target }],
    ['setZoomTargets', { ...asset, zoomTargetArray: [target] }],
    ['deleteZoomTarget', { ...mine, ...savedTarget }],
    ['renameProject', { ...mine, ...project, projectName: 'Taken' }],
    ['deleteProject', { ...mine, ...project }],
    ['setProjectAssets', { ...mine, ...project, assetHandleArray: [own] }],
    ['setProjectAssets', { ...several, ...ownProject }],
    ['addProjectAssets', { ...mine, ...project, assetHandleArray: [own] }],
    ['addProjectAssets', { ...several, ...ownProject }],
    ['removeProjectAssets', { ...mine, ...project, assetHandleArray: [own] }],
    ['removeProjectAssets', { ...several, ...ownProject }],
    ['deletePropertySetType', type],
    ['createPropertySet', { ...type, primaryOwnerHandle: OWN, propertyArray }],
    ['createPropertySet', { ...ownType, primaryOwnerHandle: THEIRS, propertyArray }],
    ['createPropertySet', { ...ownUserType, primaryOwnerHandle: userHandle, propertyArray }],
    ['getPropertySets', { ...type, primaryOwnerHandle: OWN }],
    ['getPropertySets', { ...ownType, primaryOwnerHandle: THEIRS }],
    ['getPropertySets', { ...ownUserType, primaryOwnerHandle: userHandle }],
    ['updatePropertySet', { ...properties, propertyArray }],
    ['deletePropertySet', properties],
    ['submitJob', { ...submit, userHandle, metadataPublishJob: {} }],
    [
      'submitJob',
      { ...submit, imageServingPublishJob: { publishType: 'Full', emailSetting: 'None', contextHandle } },
    ],
    [
      'submitJob',
      {
        ...submit,
        imageRenderingPublishJob: { emailSetting: 'None', contextHandle: context('ImageRendering') },
      },
    ],
    ['submitJob', { ...submit, videoPublishJob: { emailSetting: 'None', contextHandle: context('Video') } }],
    ['submitJob', { ...submit, exportJob: { assetHandleArray: [image], fmt: 'orig', emailSetting: 'None' } }],
    [
      'submitJob',
      {
        ...submit,
        exportJob: { assetHandleArray: [own], fmt: 'convert', macro: '$Large$', emailSetting: 'None' },
      },
    ],
    [
      'submitJob',
      {
        ...submit,
        uploadUrlsJob: {
          urlArray: [{ sourceUrl: 'http://192.0.2.1/a.png', destPath: 'Other/a.png' }],
          ...upload,
          ...post,
        },
      },
    ],
    [
      'submitJob',
      {
        ...submit,
        uploadUrlsJob: {
          urlArray: [{ sourceUrl: 'http://192.0.2.1/a.png', destPath: 'Other/a.png' }],
          ...upload,
          projectHandleArray: [project.projectHandle],
        },
      },
    ],
    [
      'submitJob',
      {
        ...submit,
        automatedSetGenerationJob: {
          assetHandleArray: [own],
          readyForPublish: true,
          autoSetCreationOptions: { autoSetsArray: [properties.setHandle] },
          emailSetting: 'None',
        },
      },
    ],
    ['getScheduledJobs', { ...mine, ...job }],
    ['getActiveJobs', { ...mine, ...job }],
    ['getJobLogs', { ...mine, userHandle }],
    ['getJobLogs', { userHandle }],
    ['getJobLogDetails', { ...mine, ...job }],
    ['getAssetJobLogs', asset],
    ['stopJob', { ...mine, ...job }],
    ['pauseJob', { ...mine, ...job }],
    ['resumeJob', { ...mine, ...job }],
    ['executeJob', { ...mine, ...job }],
    ['deleteJob', { ...mine, ...job }],
    ['setAssetPublishState', { ...asset, publishState }],
    [
      'setAssetPublishState',
      { ...mine, assetHandle: own, publishState, contextHandleArray: [contextHandle] },
    ],
    ['setAssetsPublishState', { ...mine, publishStateUpdateArray: [{ assetHandle: image, publishState }] }],
    [
      'setAssetsContextState',
      {
        ...mine,
        assetsContextStateUpdateArray: [own, image].map((assetHandle) => ({
          assetHandle,
          contextStateUpdateArray: [{ contextHandle, publishState }],
        })),
      },
    ],
    ['batchGetAssetPublishContexts', several],
    ['getAssetPublishHistory', asset],
    ['forceRepublishAssets', several],
    ['getImageServingPublishSettings', { ...mine, contextHandle }],
    ['setImageServingPublishSettings', { ...mine, contextHandle, publishSettingArray: [] }],
    ['getImageRenderingPublishSettings', { ...mine, contextHandle: context('ImageRendering') }],
    [
      'setImageRenderingPublishSettings',
      { ...mine, contextHandle: context('ImageRendering'), publishSettingArray: [] },
    ],
    ['getCdnCacheInvalidationStatus', { ...mine, invalidationHandle }],
    [
      'cdnCacheInvalidation',
      { ...mine, urlArray: ['https://images.example.com/is/image/SampleCompany/red'] },
    ],
  ];
}

/** Whether an answer that is not a fault reveals nothing: a batch without success, or no rows at all. */
function isEmpty(answer: object): boolean {
  const { successCount, ...rest } = answer as { successCount?: number };
  if (successCount !== undefined) return successCount === 0;
  return Object.values(rest).every((value) => value === 0 || (Array.isArray(value) && value.length === 0));
}

async function outcomeOf(caller: Connection, operation: OperationName, input: object): Promise<unknown> {
  try {
    const answer = await caller.call(operation, input as never);
    return isEmpty(answer) && Object.keys(answer).length > 0 ? 'nothing' : answer;
  } catch (error) {
    if (!(error instanceof IpsFault)) throw error;
    // An error of the server would not be a refusal.
    return /unexpected/.test(error.reason) ? error.reason : 'refused';
  }
}

/** Operations that this server has and whose requests name something other than the company. */
function withHandles(): OperationName[] {
  const named = (type: string | undefined, depth = 0): boolean => {
    const definition = type === undefined ? undefined : contract.types[type];
    const fields = definition !== undefined && 'fields' in definition ? definition.fields : [];
    return fields.some(
      ([name, child]) =>
        /Handle/.test(name) || (depth < 4 && !child.startsWith('xsd:') && named(child, depth + 1)),
    );
  };
  return (Object.keys(contract.operations) as OperationName[]).filter((operation) => {
    if (handlers[operation] === undefined) return false;
    const fields = contract.messages[contract.operations[operation]?.input ?? '']?.fields ?? [];
    return fields.some(([name, type]) => name !== 'companyHandle' && (/Handle/.test(name) || named(type)));
  });
}

describe.each(CALLERS)('%s of another company', (role) => {
  it('gets nothing for its handles in the name of the own company', async () => {
    const caller = as(role);
    const wrong: unknown[] = [];
    for (const [operation, input] of calls) {
      answered.push(operation);
      const outcome = await outcomeOf(caller, operation, input);
      if (outcome !== 'refused' && outcome !== 'nothing') wrong.push([operation, input, outcome]);
    }
    expect(wrong).toEqual([]);
  });

  it('gets nothing in the name of that company', async () => {
    const caller = as(role);
    const wrong: unknown[] = [];
    for (const [operation, input] of calls) {
      if (!('companyHandle' in input)) continue;
      const outcome = await outcomeOf(caller, operation, { ...input, companyHandle: THEIRS });
      if (outcome !== 'refused') wrong.push([operation, input, outcome]);
    }
    expect(wrong).toEqual([]);
  });

  it('sees no job of that company when no company is named', async () => {
    const caller = as(role);
    expect(await caller.call('getScheduledJobs', {})).toEqual({ jobArray: [] });
    expect(await caller.call('getActiveJobs', { includeWaitingJobs: true })).toEqual({ jobArray: [] });
    expect(await caller.call('getJobLogs', {})).toEqual({ jobLogArray: [] });
  });
});

it('changes nothing, in either company', async () => {
  expect(await server.snapshot()).toEqual(before);
});

it('holds for every operation whose requests have handles', () => {
  expect(withHandles().filter((operation) => !answered.includes(operation))).toEqual([]);
});

it.each<[string, Partial<SubmitJobParam>]>([
  [
    'reprocessAssetsJob',
    { reprocessAssetsJob: { assetHandleArray: ['a|1001'], createMask: false, emailSetting: 'None' } },
  ],
  ['ripPdfsJob', { ripPdfsJob: { pdfHandleArray: ['a|1001'], createMask: false, emailSetting: 'None' } }],
])('takes no foreign asset into a %s', async (jobName, payload) => {
  const fault = await as('IpsUser').fault('submitJob', { companyHandle: OWN, jobName, ...payload });
  expect(fault).toMatchObject({ code: 30001, reason: expect.stringContaining("'a|1001'") });
});

it('counts the role in each company alone when no company is named', async () => {
  // May see jobs as a user of one company, but not as a portal user of the other.
  await server.seed({
    users: [
      {
        email: 'both@example.com',
        password,
        memberships: [
          { company: 'Sample Company', role: 'ImagePortalUser' },
          { company: 'Other', role: 'IpsUser' },
        ],
      },
    ],
  });
  const both = as('both');
  expect(await both.call('getScheduledJobs', {})).toEqual({ jobArray: [] });
  expect(await both.call('getActiveJobs', { includeWaitingJobs: true })).toEqual({ jobArray: [] });
});
