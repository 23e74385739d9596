import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on companies and settings. */
export const companiesSamples: readonly DocumentedSample[] = [
  ['operations/r-add-company', 'addCompanyParam', { companyName: 'Bootmakers' }],
  [
    'guide/c-wsdl-versions',
    'addCompanyParam',
    { companyName: 'Sandal House', expires: '2010-07-13T12:00:00-06:00' },
  ],
  [
    'operations/r-add-company',
    'addCompanyReturn',
    {
      companyInfo: {
        companyHandle: '970',
        name: 'Bootmakers',
        rootPath: 'Bootmakers/',
        expires: '2102-01-13T23:00:00.030Z',
      },
    },
  ],
  [
    'guide/c-wsdl-versions',
    'addCompanyReturn',
    {
      companyInfo: {
        companyHandle: '5',
        name: 'Sandal House',
        rootPath: 'SandalHouse/',
        expires: '2010-07-13T18:00:00.000Z',
      },
    },
  ],
  ['operations/r-get-all-companies', 'getAllCompaniesParam', { includeExpired: false }],
  ['operations/r-get-asset-counts', 'getAssetCountsParam', { companyHandle: 'c|3' }],
  [
    'operations/r-get-asset-counts',
    'getAssetCountsReturn',
    {
      countArray: [
        { assetType: 'Image', count: 47 },
        { assetType: 'Flash', count: 6 },
      ],
    },
  ],
  ['operations/r-get-company-info', 'getCompanyInfoParam', { companyName: 'Bootmakers' }],
  [
    'operations/r-get-company-info',
    'getCompanyInfoReturn',
    {
      companyInfo: {
        companyHandle: '970',
        name: 'Bootmakers',
        rootPath: 'Bootmakers/',
        expires: '2102-01-13T23:00:00.030Z',
      },
    },
  ],
  [
    'operations/r-get-company-members',
    'getCompanyMembersParam',
    { companyHandle: '40', includeInvalid: false },
    ['required includeInactive'],
  ],
  [
    'operations/r-get-company-members',
    'getCompanyMembersReturn',
    {
      memberArray: [
        {
          userHandle: '73|paula@example.com',
          firstName: 'Paula',
          lastName: 'Brook',
          email: 'paula@example.com',
          role: 'IpsAdmin',
          isValid: true,
          passwordExpires: '2102-07-22T23:12:49.472-07:00',
        },
      ],
    },
    [
      'required memberArray[0].isActive',
      'required memberArray[0].user',
      'unknown-field memberArray[0].userHandle',
      'unknown-field memberArray[0].firstName',
      'unknown-field memberArray[0].lastName',
      'unknown-field memberArray[0].email',
      'unknown-field memberArray[0].isValid',
      'unknown-field memberArray[0].passwordExpires',
    ],
  ],
  ['operations/r-get-company-settings', 'getCompanySettingsParam', { companyHandle: 'c|3' }],
  [
    'operations/r-get-company-settings',
    'getCompanySettingsReturn',
    {
      settings: {
        defaultDisplayProfile: {
          metadataArray: [
            { name: 'Profile Class', value: '1', longVal: 1 },
            { name: 'Default Color Profile', value: '1' },
          ],
          iccProfileInfo: {
            originalPath: 'SharedThings/Profiles/Example Profiles/RGB Profiles/',
            originalFile: 'Example RGB Profile.icm',
            fileSize: 0,
          },
        },
        diskSpaceWarningMin: 90000,
        emailTrashCleanupWarning: true,
      },
    },
    [
      'required settings.defaultSourceProfile',
      'required settings.overwriteMode',
      'required settings.retainPublishState',
    ],
  ],
  ['operations/r-get-disk-usage', 'getDiskUsageParam', { companyHandle: '40' }],
  [
    'operations/r-get-disk-usage',
    'getDiskUsageReturn',
    {
      diskUsageArray: [
        {
          companyHandle: '40',
          companyName: 'Red Shoe Works',
          imageCount: 210,
          diskSpaceUsage: 3027,
          lastModified: '2009-09-16T22:10:30.661-07:00',
        },
      ],
    },
  ],
  ['operations/r-get-property', 'getPropertyParam', { name: 'IpsVersion' }],
  ['operations/r-get-property', 'getPropertyReturn', { value: '4.9.2' }],
  ['operations/r-get-system-properties', 'getSystemPropertiesParam', {}],
  [
    'operations/r-get-system-properties',
    'getSystemPropertiesReturn',
    {
      propertyArray: [
        { name: 'SvgRenderEnabled', value: 'true' },
        { name: 'SwfRootUrl', value: '/Films/' },
      ],
    },
  ],
  [
    'operations/r-set-company-settings',
    'setCompanySettingsParam',
    {
      companyHandle: 'c|3',
      overwriteMode: 'OverwriteFullName',
      retainPublishState: true,
      diskSpaceWarningMin: 100003,
      emailTrashCleanupWarning: true,
    },
  ],
];
