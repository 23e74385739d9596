import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on groups and permissions. */
export const permissionsSamples: readonly DocumentedSample[] = [
  [
    'operations/r-add-group-membership',
    'addGroupMembershipParam',
    { companyHandle: '40', groupHandleArray: ['586'] },
    ['unknown-field companyHandle'],
  ],
  [
    'operations/r-add-group-members',
    'addGroupMembersParam',
    { companyHandle: '40', groupHandle: '586', userHandleArray: ['1|bea@example.com'] },
  ],
  ['operations/r-delete-group', 'deleteGroupParam', { companyHandle: '40', groupHandle: '698' }],
  ['operations/r-get-group-membership', 'getGroupMembershipParam', { companyHandle: '40' }],
  [
    'operations/r-get-group-membership',
    'getGroupMembershipReturn',
    { groupArray: [{ groupHandle: '586', companyHandle: '40', name: 'Editors', isSystemDefined: false }] },
  ],
  ['operations/r-get-group-members', 'getGroupMembersParam', { companyHandle: '40', groupHandle: '586' }],
  ['operations/r-get-group-members', 'getGroupMembersReturn', { userHandleArray: ['1|bea@example.com'] }],
  ['operations/r-get-groups', 'getGroupsParam', { companyHandle: '40' }],
  [
    'operations/r-get-groups',
    'getGroupsReturn',
    { groupArray: [{ groupHandle: '586', companyHandle: '40', name: 'Editors', isSystemDefined: false }] },
  ],
  [
    'operations/r-remove-asset-permissions',
    'removeAssetPermissionsParam',
    { companyHandle: '40', assetHandle: '9729|25|7445' },
  ],
  [
    'operations/r-remove-folder-permissions',
    'removeFolderPermissionsParam',
    { companyHandle: '59', folderHandle: 'graymoor/Marks/', updateChildren: true },
  ],
  [
    'operations/r-remove-group-membership',
    'removeGroupMembershipParam',
    { userHandle: '40', groupHandleArray: ['586'] },
  ],
  [
    'operations/r-remove-group-members',
    'removeGroupMembersParam',
    { companyHandle: '40', groupHandle: '586', userHandleArray: ['358|hana@example.com'] },
  ],
  [
    'operations/r-save-group',
    'saveGroupParam',
    { companyHandle: '40', name: 'Packers', isSystemDefined: false },
  ],
  ['operations/r-save-group', 'saveGroupReturn', { groupHandle: '978' }],
  [
    'operations/r-set-asset-permissions',
    'setAssetPermissionsParam',
    {
      companyHandle: '59',
      assetHandle: '81629|1|27333',
      permissionArray: [{ groupHandle: '658', permissionType: 'Read', isAllowed: true, isOverride: true }],
    },
  ],
  [
    'operations/r-set-folder-permissions',
    'setFolderPermissionsParam',
    {
      companyHandle: '59',
      folderHandle: 'graymoor/Marks/',
      setChildren: true,
      permissionArray: [{ groupHandle: '658', permissionType: 'Read', isAllowed: true, isOverride: true }],
    },
  ],
  [
    'operations/r-set-group-membership',
    'setGroupMembershipParam',
    { userHandle: '1|bea@example.com', companyHandle: '40', groupHandleArray: ['586'] },
  ],
  [
    'operations/r-set-group-members',
    'setGroupMembersParam',
    { companyHandle: '40', groupHandle: '586', userHandleArray: ['1|bea@example.com'] },
  ],
  [
    'operations/r-update-asset-permissions',
    'updateAssetPermissionsParam',
    {
      companyHandle: '40',
      assetHandle: '9729|25|7445',
      updateArray: [{ groupHandle: '586', permissionType: 'Read', isAllowed: true, isOverride: false }],
    },
  ],
  [
    'operations/r-update-folder-permissions',
    'updateFolderPermissionsParam',
    {
      companyHandle: '40',
      folderHandle: 'RedShoeWorks/Catalogs/',
      updateChildren: false,
      updateArray: [{ groupHandle: '586', permissionType: 'Read', isAllowed: true, isOverride: true }],
    },
  ],
];
