// Calls every supported operation, in an order in which each has something to work on and to answer.
import { buffer } from 'node:stream/consumers';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import type { IpsServer } from '../../src/create-server.js';
import type { Connection } from './call.js';
import { textPdf } from './documents.js';
import { jpegWithBlock, pathBlock, polygon } from './photoshop-paths.js';
import { quarters } from './pictures.js';
import { WEB_FORMAT } from './vignette-format.js';

const companyHandle = 'c|6';
const ROOT = 'f|SampleCompany/';
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>image/png</dc:format></rdf:Description></rdf:RDF></x:xmpmeta>`;

/** What the stages of the tour share. */
interface Tour {
  readonly server: IpsServer;
  readonly admin: Connection;
  readonly image: string;
  readonly cutout: string;
  readonly zip: string;
}

/** Goes through all of it. The server's clock has to be `instant`. */
export async function goOnTour(server: IpsServer, admin: Connection): Promise<void> {
  await postFile(server, 'red.png', await quarters(40, 30).png().toBuffer());
  await postFile(server, 'cutout.png', await cutout());
  await postFile(server, 'things.zip', await zipFile());
  const named = async (name: string): Promise<string> => {
    const { assetArray } = await admin.call('getAssetsByName', { companyHandle, nameArray: [name] });
    const handle = assetArray?.[0]?.assetHandle;
    if (handle === undefined) throw new Error(`${name} was not uploaded`);
    return handle;
  };
  const tour: Tour = {
    server,
    admin,
    image: await named('red'),
    cutout: await named('cutout'),
    zip: await named('things'),
  };
  await companies(tour);
  await users(tour);
  await groups(tour);
  await folders(tour);
  await metadata(tour);
  await setsAndViews(tour);
  await presets(tour);
  await projectsAndProperties(tour);
  await publishing(tour);
  await reads(tour);
  await fileContents(tour);
  await formatsAndEvents(tour);
  await jobs(tour);
  await changes(tour);
}

async function companies({ admin }: Tour): Promise<void> {
  await admin.call('addCompany', { companyName: 'Tour & <Co>', imsOrgId: 'org' });
  await admin.call('getAllCompanies', { includeExpired: true });
  await admin.call('getCompanyInfo', { companyName: 'Tour & <Co>' });
  await admin.call('setCompanySettings', { companyHandle, overwriteMode: 'OverwriteAnyExt' });
  await admin.call('getCompanySettings', { companyHandle });
  await admin.call('getCompanyMembers', { companyHandle, includeInvalid: true, includeInactive: true });
  await admin.call('getDiskUsage', {});
  await admin.call('getAssetCounts', { companyHandle });
  await admin.call('getProperty', { name: 'IpsVersion' });
  await admin.call('getSystemProperties', {});
}

async function users({ admin }: Tour): Promise<void> {
  const membership = { companyHandle, role: 'IpsUser', isActive: true };
  const { password } = await admin.call('generatePassword', {});
  const ann = {
    firstName: 'Ann',
    lastName: 'Miller',
    email: 'ann@example.com',
    isValid: true,
    isIpsAdmin: false,
  };
  const { userHandle } = await admin.call('addUser', {
    ...ann,
    password,
    passwordExpires: '2099-01-01T00:00:00Z',
    membershipArray: [membership],
  });
  await admin.call('checkLogin', { email: ann.email, password });
  await admin.call('setPassword', { userHandle, password, passwordExpires: '2099-01-01T00:00:00Z' });
  await admin.call('setUserInfo', { ...ann, userHandle, lastName: 'Baker' });
  await admin.call('getUserInfo', { userHandle });
  await admin.call('getAllUsers', { includeInvalid: true });
  await admin.call('getUsers', { sortBy: 'LastName' });
  await admin.call('getUserChars', { charField: 'LastName' });
  await admin.call('removeCompanyMembership', { userHandle, companyHandleArray: [companyHandle] });
  await admin.call('addCompanyMembership', { userHandle, membershipArray: [membership] });
  await admin.call('setCompanyMembership', { userHandle, membershipArray: [membership] });
  await admin.call('getCompanyMembership', { userHandle });
}

async function groups({ admin }: Tour): Promise<void> {
  const userHandle = 'u|42|ann@example.com';
  const save = { companyHandle, name: 'Photographers', isSystemDefined: false };
  const { groupHandle } = await admin.call('saveGroup', save);
  const group = { companyHandle, groupHandle };
  await admin.call('getGroups', { companyHandle });
  await admin.call('setGroupMembers', { ...group, userHandleArray: [userHandle] });
  await admin.call('addGroupMembers', { ...group, userHandleArray: [userHandle] });
  await admin.call('getGroupMembers', group);
  await admin.call('getGroupMembership', { userHandle });
  await admin.call('removeGroupMembers', { ...group, userHandleArray: [userHandle] });
  await admin.call('setGroupMembership', { userHandle, groupHandleArray: [groupHandle] });
  await admin.call('addGroupMembership', { userHandle, groupHandleArray: [groupHandle] });
  await admin.call('removeGroupMembership', { userHandle, groupHandleArray: [groupHandle] });
  await permissions({ admin }, groupHandle);
  await admin.call('deleteGroup', group);
}

async function permissions({ admin }: Pick<Tour, 'admin'>, groupHandle: string): Promise<void> {
  const entry = { groupHandle, permissionType: 'Read', isAllowed: true, isOverride: true };
  const folder = await admin.call('createFolder', { companyHandle, folderPath: '/Permitted' });
  await admin.call('setFolderPermissions', {
    companyHandle,
    ...folder,
    setChildren: true,
    permissionArray: [entry],
  });
  await admin.call('updateFolderPermissions', {
    companyHandle,
    ...folder,
    updateChildren: true,
    updateArray: [{ ...entry, permissionType: 'Write', isAllowed: false }],
  });
  await admin.call('getFolders', { companyHandle, folderPath: 'Permitted' });
  await admin.call('getFolderTree', { companyHandle, folderPath: 'Permitted', depth: 0 });
  const asset = await admin.call('createImageSet', {
    companyHandle,
    ...folder,
    name: 'permitted',
    type: 'ImageSet',
  });
  await admin.call('setAssetPermissions', { companyHandle, ...asset, permissionArray: [entry] });
  await admin.call('updateAssetPermissions', { companyHandle, ...asset, updateArray: [entry] });
  await admin.call('getAssets', { companyHandle, assetHandleArray: [asset.assetHandle] });
  await admin.call('removeAssetPermissions', { companyHandle, ...asset });
  await admin.call('removeFolderPermissions', { companyHandle, ...folder, updateChildren: true });
  const { typeHandle } = await admin.call('createPropertySetType', {
    companyHandle,
    name: 'Permitted',
    propertyType: 'CompanyProperty',
    allowMultiple: true,
  });
  const owned = { typeHandle, primaryOwnerHandle: companyHandle };
  const set = await admin.call('createPropertySet', { ...owned, propertyArray: [] });
  await admin.call('setPropertySetPermissions', { ...set, permissionArray: [entry] });
  await admin.call('updatePropertySetPermissions', { ...set, updateArray: [entry] });
  await admin.call('getPropertySets', owned);
  await admin.call('removePropertySetPermissions', set);
  await admin.call('deletePropertySetType', { typeHandle });
  await admin.call('deleteFolder', { companyHandle, ...folder });
}

async function folders({ admin }: Tour): Promise<void> {
  const { folderHandle } = await admin.call('createFolder', { companyHandle, folderPath: '/A & <B>/C' });
  await admin.call('createFolder', { companyHandle, folderPath: '/D' });
  const renamed = await admin.call('renameFolder', { companyHandle, folderHandle, folderName: 'E' });
  const moved = await admin.call('moveFolder', { companyHandle, ...renamed, destFolderHandle: `${ROOT}D/` });
  await admin.call('getFolders', { companyHandle });
  await admin.call('getFolderTree', { companyHandle, depth: -1 });
  await admin.call('deleteFolder', { companyHandle, ...moved });
}

async function metadata({ admin, image }: Tour): Promise<void> {
  const field = { companyHandle, assetType: 'Image' };
  const text = await admin.call('createMetadataField', { ...field, name: 'Season', fieldType: 'String' });
  const tags = await admin.call('createMetadataField', { ...field, name: 'Colors', fieldType: 'MultiTag' });
  const saved = await admin.call('saveMetadataField', {
    ...field,
    name: 'Old',
    fieldType: 'Int',
    defaultValue: '1',
  });
  const changed = await admin.call('updateMetadataField', { companyHandle, ...text, defaultValue: 'Spring' });
  await admin.call('getMetadataFields', field);
  await admin.call('getAssetMetadataFields', { companyHandle });
  await admin.call('setTagFieldValues', { companyHandle, ...tags, valueArray: ['red', 'blue'] });
  await admin.call('addTagFieldValues', { companyHandle, ...tags, valueArray: ['green'] });
  await admin.call('updateTagFieldValues', {
    companyHandle,
    ...tags,
    updateArray: [
      { oldValue: 'green', newValue: 'lime' },
      { oldValue: 'none', newValue: 'some' },
    ],
  });
  await admin.call('getTagFieldValues', { companyHandle, fieldHandleArray: [tags.fieldHandle] });
  await admin.call('setAssetMetadata', {
    companyHandle,
    assetHandle: image,
    updateArray: [
      { ...changed, value: 'Summer & <more>' },
      { ...tags, addTagValueArray: ['red', 'lime'] },
    ],
  });
  await admin.call('batchSetAssetMetadata', {
    companyHandle,
    updateArray: [{ assetHandleArray: [image, 'a|999999'], updateArray: [{ ...changed, value: 'Autumn' }] }],
  });
  await admin.call('getUniqueMetadataValues', { companyHandle, ...changed });
  await admin.call('getAssets', { companyHandle, assetHandleArray: [image] });
  await admin.call('deleteTagFieldValues', { companyHandle, ...tags, valueArray: ['blue'] });
  await admin.call('deleteAssetMetadata', { companyHandle, assetHandle: image, deleteArray: [changed] });
  await admin.call('deleteMetadataField', { companyHandle, ...saved });
  const compressedPacket = deflateSync(XMP).toString('base64');
  await admin.call('updateXMPPacket', { companyHandle, assetHandle: image, compressedPacket });
  await admin.call('getXMPPacket', { companyHandle, assetHandle: image });
  await admin.call('getDistinctMetadataValues', { companyHandle, metadataKey: 'dc.format' });
  await admin.call('searchAssetsByMetadata', { companyHandle, recordsPerPage: 10 });
}

async function setsAndViews({ admin, image, cutout: other }: Tour): Promise<void> {
  const place = { companyHandle, folderHandle: ROOT };
  const set = await admin.call('createImageSet', { ...place, name: 'set', type: 'ImageSet' });
  const memberArray = [image, other].map((assetHandle) => ({ assetHandle, pageReset: true }));
  await admin.call('setImageSetMembers', { companyHandle, ...set, memberArray });
  await admin.call('updateImageSet', { companyHandle, ...set, thumbAssetHandle: image });
  await admin.call('getImageSetMembers', { companyHandle, ...set });
  const mixed = await admin.call('createAssetSet', { ...place, name: 'mixed', subType: 'MixedMedia' });
  await admin.call('setAssetSetDefinition', { companyHandle, ...mixed, setDefinition: 'a & <b>' });
  await admin.call('updateAssetSet', { companyHandle, ...mixed, thumbAssetHandle: image });
  const map = { name: 'map', shapeType: 'Rectangle', region: '1,2,10,20', action: 'href="x"', enabled: true };
  const saved = await admin.call('saveImageMap', { companyHandle, assetHandle: image, ...map, position: 1 });
  await admin.call('deleteImageMap', { companyHandle, ...saved });
  await admin.call('setImageMaps', { companyHandle, assetHandle: image, imageMapArray: [map] });
  const target = { name: 'target', xPosition: 1, yPosition: 2, width: 3, height: 4, userData: 'data' };
  const zoom = await admin.call('saveZoomTarget', { companyHandle, assetHandle: image, ...target });
  await admin.call('deleteZoomTarget', { companyHandle, ...zoom });
  await admin.call('setZoomTargets', { companyHandle, assetHandle: image, zoomTargetArray: [target] });
  await admin.call('createDerivedAsset', {
    ...place,
    ownerHandle: image,
    name: 'view',
    type: 'AdjustedView',
  });
  await admin.call('createTemplate', { ...place, name: 'template', type: 'Template', urlModifier: 'wid=10' });
}

async function presets({ admin, image }: Tour): Promise<void> {
  const { imageFormatHandle } = await admin.call('saveImageFormat', {
    companyHandle,
    name: 'Thumb & <more>',
    urlModifier: 'wid=100&qlt=80',
  });
  await admin.call('getImageFormats', { companyHandle });
  await admin.call('deleteImageFormat', { companyHandle, imageFormatHandle });
  const configSettingArray = [
    { name: 'step & <more>', value: '1 & <2>' },
    { name: 'skin', handle: image },
  ];
  const { viewerPresetHandle: assetHandle } = await admin.call('createViewerPreset', {
    companyHandle,
    folderHandle: ROOT,
    name: 'zoom',
    type: 'BasicZoom',
    configSettingArray,
  });
  const preset = { companyHandle, assetHandle };
  await admin.call('updateViewerConfigSettings', { ...preset, configSettingArray });
  await admin.call('setViewerConfigSettings', { ...preset, name: 'zoom', type: 'Spin', configSettingArray });
  await admin.call('getViewerConfigSettings', preset);
}

async function projectsAndProperties({ admin, image }: Tour): Promise<void> {
  const { projectHandle } = await admin.call('createProject', {
    companyHandle,
    projectName: 'Spring & <co>',
  });
  const content = { companyHandle, projectHandle, assetHandleArray: [image, 'a|999999'] };
  await admin.call('setProjectAssets', content);
  await admin.call('addProjectAssets', content);
  await admin.call('removeProjectAssets', content);
  await admin.call('getProjects', { companyHandle });
  const renamed = await admin.call('renameProject', { companyHandle, projectHandle, projectName: 'Summer' });
  await admin.call('deleteProject', { companyHandle, ...renamed });

  const type = { companyHandle, name: 'Look', propertyType: 'CompanyProperty', allowMultiple: true };
  const { typeHandle } = await admin.call('createPropertySetType', type);
  await admin.call('getPropertySetType', { companyHandle, name: 'Look' });
  await admin.call('getPropertySetTypes', { companyHandle });
  const propertyArray = [{ name: 'color', value: 'red & <blue>' }];
  const owned = { typeHandle, primaryOwnerHandle: companyHandle };
  const { setHandle } = await admin.call('createPropertySet', { ...owned, propertyArray });
  await admin.call('updatePropertySet', { setHandle, propertyArray });
  await admin.call('getPropertySets', owned);
  await admin.call('deletePropertySet', { setHandle });
  await admin.call('deletePropertySetType', { typeHandle });
}

async function publishing({ admin, image }: Tour): Promise<void> {
  const publishState = 'MarkedForPublish';
  await admin.call('setAssetPublishState', { companyHandle, assetHandle: image, publishState });
  await admin.call('setAssetsPublishState', {
    companyHandle,
    publishStateUpdateArray: [image, 'a|999999'].map((assetHandle) => ({ assetHandle, publishState })),
  });
  const { publishContextArray } = await admin.call('getPublishContexts', { companyHandle });
  await admin.call('setAssetsContextState', {
    companyHandle,
    assetsContextStateUpdateArray: [image, 'a|999999'].map((assetHandle) => ({
      assetHandle,
      contextStateUpdateArray: publishContextArray.map(({ contextHandle }) => ({
        contextHandle,
        publishState,
      })),
    })),
  });
  await admin.call('batchGetAssetPublishContexts', { companyHandle, assetHandleArray: [image] });
  await admin.call('getActivePublishContexts', { companyHandle });
  await admin.call('submitJob', {
    companyHandle,
    jobName: 'Publish & <more>',
    description: 'A publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  await admin.call('getAssetPublishHistory', { companyHandle, assetHandle: image });
  await admin.call('forceRepublishAssets', { companyHandle, assetHandleArray: [image, 'a|999999'] });
  const publishSettingArray = [
    { name: 'a', value: '1' },
    { name: 'b', handle: image },
  ];
  await admin.call('setImageServingPublishSettings', { companyHandle, publishSettingArray });
  await admin.call('getImageServingPublishSettings', { companyHandle });
  await admin.call('setImageRenderingPublishSettings', { companyHandle, publishSettingArray });
  await admin.call('getImageRenderingPublishSettings', { companyHandle });
  const { invalidationHandle } = await admin.call('cdnCacheInvalidation', {
    companyHandle,
    urlArray: ['https://images.example.com/is/image/SampleCompany/red?wid=10&hei=10'],
  });
  await admin.call('getCdnCacheInvalidationStatus', { companyHandle, invalidationHandle });
}

async function reads({ admin, image, cutout: other, zip }: Tour): Promise<void> {
  await admin.call('searchAssets', { companyHandle, includeSubfolders: true });
  await admin.call('getAssociatedAssets', { companyHandle, assetHandle: image });
  await admin.call('getGenerationInfo', { companyHandle, originatorHandle: image });
  await admin.call('getOriginalFilePaths', { companyHandle, assetHandleArray: [image, other] });
  await admin.call('checkAssetNames', { companyHandle, assetNameArray: ['red', 'unknown'] });
  await admin.call('getZipEntries', { companyHandle, assetHandle: zip });
  await admin.call('getAutoCropRect', {
    companyHandle,
    assetHandle: other,
    autoTransparentCropOptions: { tolerance: 0.1 },
  });
}

async function fileContents({ server, admin }: Tour): Promise<void> {
  const corners = polygon([0.1, 0.1], [0.9, 0.2], [0.8, 0.9], [0.2, 0.8]);
  const jpeg = await quarters(40, 30).jpeg().toBuffer();
  await postFile(server, 'outlined.jpg', jpegWithBlock(jpeg, pathBlock([['Outline & <1>', corners]])));
  await postFile(
    server,
    'text.pdf',
    textPdf({ content: 'BT /F1 12 Tf 20 50 Td (Red & <blue> shoes) Tj ET' }),
  );
  const { assetArray = [] } = await admin.call('getAssetsByName', {
    companyHandle,
    nameArray: ['outlined', 'text'],
  });
  const handleOf = (name: string) => assetArray.find((asset) => asset.name === name)?.assetHandle ?? '';
  const outlined = { companyHandle, assetHandle: handleOf('outlined') };
  const { pathNameArray } = await admin.call('getPhotoshopPathNames', outlined);
  for (const pathName of pathNameArray) await admin.call('getPhotoshopPath', { ...outlined, pathName });
  const assetHandle = handleOf('text');
  await admin.call('submitJob', {
    companyHandle,
    jobName: 'Texts',
    ripPdfsJob: {
      pdfHandleArray: [assetHandle],
      pdfOptions: { process: 'Thumbnail', resolution: 72, extractSearchWords: true },
      createMask: false,
      emailSetting: 'None',
    },
  });
  await admin.call('getSearchStrings', { companyHandle, assetHandle });
}

async function formatsAndEvents({ admin }: Tour): Promise<void> {
  const format = {
    companyHandle,
    ...WEB_FORMAT,
  };
  const created = await admin.call('createVignettePublishFormat', format);
  await admin.call('updateVignettePublishFormat', { companyHandle, ...created, usmAmount: 0.1 });
  await admin.call('getVignettePublishFormats', { companyHandle });
  await admin.call('deleteVignettePublishFormat', { companyHandle, ...created });
  await admin.call('addMediaPortalEvent', {
    companyHandle,
    eventType: 'Download',
    ipsUser: 'ann@example.com',
    jobName: 'Shoes & <co>',
    jobDescription: 'Red shoes',
    string1: 'red.tif',
    int1: 12,
    float1: 0.5,
    time1: '2026-03-01T12:00:00Z',
  });
  await admin.call('getMediaPortalEvent', { companyHandle });
}

async function jobs({ server, admin, image }: Tour): Promise<void> {
  const { jobHandle } = await admin.call('submitJob', {
    companyHandle,
    jobName: 'Nightly',
    description: 'Every night',
    execSchedule: '0 0 3 * * ?',
    imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
  });
  const job = { companyHandle, jobHandle };
  await admin.call('pauseJob', job);
  await admin.call('getScheduledJobs', { companyHandle });
  await admin.call('resumeJob', job);
  await admin.call('executeJob', job);
  await admin.call('deleteJob', job);
  // An upload that has not ended is active.
  const { jobHandle: opened } = await admin.call('uploadPost', {
    companyHandle,
    jobName: 'By SOAP',
    uploadParams: { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' },
  });
  await admin.call('uploadPost', { companyHandle, jobHandle: opened, endJob: true });
  const posted = await postFile(server, 'blue.png', await quarters(4, 4).png().toBuffer(), false);
  await admin.call('getActiveJobs', { companyHandle });
  await admin.call('stopJob', { companyHandle, jobHandle: posted });
  await admin.call('getJobLogs', { companyHandle });
  await admin.call('getJobLogDetails', { companyHandle, jobHandle: posted });
  await admin.call('getJobLogDetails', { companyHandle, originalName: 'red.png' });
  await admin.call('getAssetJobLogs', { companyHandle, assetHandle: image });
}

async function changes({ admin, image, cutout: other, zip }: Tour): Promise<void> {
  const some = [other, 'a|999999'];
  const own = { companyHandle, assetHandle: image };
  await admin.call('copyImage', { ...own, folderHandle: ROOT, name: 'copy', urlModifier: 'wid=20' });
  await admin.call('replaceImage', { companyHandle, assetHandle: other, urlModifier: 'wid=20' });
  await admin.call('setUrlModifier', {
    ...own,
    urlModifier: 'wid=30&fmt=png',
    urlPostApplyModifier: 'op_sharpen=1',
  });
  await admin.call('renameAsset', { ...own, newName: 'crimson', validateName: true });
  await admin.call('moveAsset', { ...own, folderHandle: `${ROOT}D/` });
  await admin.call('moveAssets', {
    companyHandle,
    assetMoveArray: some.map((assetHandle) => ({ assetHandle, folderHandle: `${ROOT}D/` })),
  });
  await admin.call('batchSetImageFields', {
    companyHandle,
    updateArray: some.map((assetHandle) => ({ assetHandle, resolution: 300, anchorX: 1, anchorY: 2 })),
  });
  await admin.call('batchSetFontFields', {
    companyHandle,
    updateArray: [{ assetHandle: image, fontName: 'none' }],
  });
  await admin.call('batchSetIccProfileFields', {
    companyHandle,
    updateArray: [{ assetHandle: image, class: 'Display' }],
  });
  await admin.call('batchSetThumbAsset', {
    companyHandle,
    updateArray: some.map((assetHandle) => ({ assetHandle, thumbAssetHandle: image })),
  });
  await admin.call('getAssets', { companyHandle, assetHandleArray: [image, other, zip] });
  await admin.call('removeMask', { companyHandle, assetHandle: other });
  await admin.call('deleteAssets', { companyHandle, assetHandleArray: some });
  await admin.call('deleteAsset', { companyHandle, assetHandle: zip });
  await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: some });
  await admin.call('emptyAssetsFromTrash', { companyHandle, assetHandleArray: [zip, 'a|999999'] });
}

/** A picture with a transparent edge. */
function cutout(): Promise<Buffer> {
  return quarters(10, 10)
    .ensureAlpha()
    .extend({ top: 5, bottom: 5, left: 5, right: 5, background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toBuffer();
}

async function zipFile(): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('hello'), 'folder/hello & <more>.txt');
  zip.addBuffer(
    await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
    'a.png',
  );
  zip.end();
  return buffer(zip.outputStream);
}

/** Posts a file in a job of its own. Returns the job's handle. */
async function postFile(
  server: IpsServer,
  name: string,
  content: Uint8Array,
  endJob = true,
): Promise<string> {
  const { email, password } = server.admin;
  const form = new FormData();
  form.append(
    'auth',
    `<authHeader xmlns="http://www.scene7.com/IpsApi/xsd"><user>${email}</user><password>${password}</password></authHeader>`,
  );
  form.append(
    'uploadParams',
    `<uploadPostParam xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><companyHandle>${companyHandle}</companyHandle><jobName>${name}</jobName><endJob>${endJob}</endJob><uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>true</createMask><emailSetting>None</emailSetting></uploadParams></uploadPostParam>`,
  );
  form.append('file', new Blob([new Uint8Array(content)]), name);
  const answer = await (await fetch(server.endpoints.upload, { method: 'POST', body: form })).text();
  const handle = /<jobHandle>([^<]+)<\/jobHandle>/.exec(answer)?.[1];
  if (handle === undefined) throw new Error(`${name} was not taken: ${answer}`);
  return handle;
}
