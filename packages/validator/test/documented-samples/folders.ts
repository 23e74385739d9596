import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on folders. */
export const foldersSamples: readonly DocumentedSample[] = [
  ['operations/r-create-folder', 'createFolderParam', { companyHandle: '40', folderPath: '/Spins' }],
  ['operations/r-create-folder', 'createFolderReturn', { folderHandle: 'RedShoeWorks/Spins/' }],
  [
    'operations/r-delete-folder',
    'deleteFolderParam',
    { companyHandle: '40', folderHandle: 'RedShoeWorks/Spins/' },
  ],
  ['operations/r-get-folders', 'getFoldersParam', { companyHandle: '40' }],
  [
    'operations/r-get-folders',
    'getFoldersReturn',
    {
      folderArray: [
        { folderHandle: 'RedShoeWorks/', path: 'RedShoeWorks/', hasSubfolders: false },
        { folderHandle: 'RedShoeWorks/Catalogs/', path: 'RedShoeWorks/Catalogs/', hasSubfolders: false },
        { folderHandle: 'RedShoeWorks/Prices/', path: 'RedShoeWorks/Prices/', hasSubfolders: false },
      ],
    },
  ],
  ['operations/r-get-folder-tree', 'getFolderTreeParam', { companyHandle: '40', depth: -1 }],
  [
    'operations/r-get-folder-tree',
    'getFolderTreeReturn',
    {
      folders: {
        items: [
          {
            folderHandle: 'f|bootFolder/fromServer/',
            path: 'RedShoeWorks/fromServer/',
            lastModified: '2013-11-16T11:19:59.031-08:00',
            childLastModified: '2013-11-16T11:19:59.031-08:00',
            permissionSetHandle: 'pm|5',
            hasSubfolders: true,
            subfolderArray: [
              {
                folderHandle: 'f|RedShoeWorks/fromServer/Inner/',
                path: 'BootCo/fromServer/Inner/',
                lastModified: '2013-11-16T11:19:59.032-08:00',
                childLastModified: '2013-11-16T15:06:58.563-08:00',
                permissionSetHandle: 'pm|5',
                hasSubfolders: false,
              },
            ],
          },
        ],
      },
      permissionSetArray: [
        {
          permissionSetHandle: 'pm|5',
          permissionArray: [
            {
              groupHandle: 'g|4',
              groupName: 'Readers of Assets',
              permissionType: 'Read',
              isAllowed: true,
              isOverride: false,
            },
            {
              groupHandle: 'g|7',
              groupName: 'Senders of Assets',
              permissionType: 'Write',
              isAllowed: true,
              isOverride: true,
            },
          ],
        },
      ],
    },
    ['unknown-field folders.items'],
  ],
  [
    'operations/r-move-folder',
    'moveFolderParam',
    { companyHandle: 'c|718', folderHandle: 'f|bootco/Old/', destFolderHandle: 'f|BootCo/Archive/' },
  ],
  ['operations/r-move-folder', 'moveFolderReturn', { folderHandle: 'f|bootco/Archive/Old/' }],
  [
    'operations/r-rename-folder',
    'renameFolderParam',
    { companyHandle: '40', folderHandle: 'RedShoeWorks/Prices/', folderName: 'Renamed Price Lists' },
  ],
  ['operations/r-rename-folder', 'renameFolderReturn', { folderHandle: 'RedShoeWorks/Renamed Price Lists/' }],
];
