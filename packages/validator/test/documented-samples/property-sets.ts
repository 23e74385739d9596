import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on property sets. */
export const propertySetsSamples: readonly DocumentedSample[] = [
  [
    'operations/r-create-property-set',
    'createPropertySetParam',
    {
      typeHandle: 'pt|75618',
      primaryOwnerHandle: 'u|98|fay@example.com',
      propertyArray: [
        { name: 'application_project_winter', value: 'true' },
        { name: 'application_server_prefix_published_b', value: 'http://node7.example.com:8080/is/image/' },
        { name: 'application_server_prefix_origin_b', value: 'http://node7:8080/is/image/' },
      ],
    },
  ],
  ['operations/r-create-property-set', 'createPropertySetReturn', { setHandle: 'ps|598' }],
  ['operations/r-create-property-set-type', 'createPropertySetTypeReturn', { typeHandle: 'pt|75632' }],
  ['operations/r-create-property-set-type', 'createPropertySetTypeReturn', { typeHandle: 'pt|75618' }],
  ['operations/r-delete-property-set', 'deletePropertySetParam', { setHandle: 'ps|598' }],
  ['operations/r-delete-property-set-type', 'deletePropertySetTypeParam', { typeHandle: 'pt|75618' }],
  [
    'operations/r-get-property-sets',
    'getPropertySetsParam',
    { typeHandle: 'pt|75618', primaryOwnerHandle: 'u|98|fay@example.com' },
  ],
  [
    'operations/r-get-property-sets',
    'getPropertySetsReturn',
    {
      setArray: [
        {
          setHandle: 'ps|598',
          typeHandle: 'pt|75618',
          propertyArray: [
            {
              name: 'application_server_prefix_published_b',
              value: 'http://node8.example.com:8080/is/image/',
            },
            { name: 'application_project_winter', value: 'false' },
            { name: 'application_server_prefix_origin_b', value: 'http://node8:8080/is/image' },
          ],
        },
      ],
    },
  ],
  ['operations/r-get-property-set-type', 'getPropertySetTypeParam', { name: 'Example.UserProperty' }],
  [
    'operations/r-get-property-set-type',
    'getPropertySetTypeReturn',
    {
      type: {
        typeHandle: 'pt|75618',
        name: 'Example.UserProperty',
        propertyType: 'UserProperty',
        allowMultiple: false,
      },
    },
  ],
  ['operations/r-get-property-set-types', 'getPropertySetTypesParam', { companyHandle: 'c|8' }],
  [
    'operations/r-get-property-set-types',
    'getPropertySetTypesReturn',
    {
      typeArray: [
        {
          typeHandle: 'pt|8',
          companyHandle: 'c|8',
          name: 'SavedSearch',
          propertyType: 'UserCompanyProperty',
          alllowMultiple: true,
        },
        {
          typeHandle: 'pt|5',
          companyHandle: 'c|8',
          name: 'CompanyMetadata',
          propertyType: 'CompanyProperty',
          alllowMultiple: true,
        },
      ],
    },
    [
      'required typeArray[0].allowMultiple',
      'unknown-field typeArray[0].alllowMultiple',
      'required typeArray[1].allowMultiple',
      'unknown-field typeArray[1].alllowMultiple',
    ],
  ],
  [
    'operations/r-update-property-set',
    'updatePropertySetParam',
    {
      setHandle: 'ps|598',
      replaceProperties: true,
      propertyArray: [
        { name: 'application_project_winter', value: 'false' },
        { name: 'application_server_prefix_published_b', value: 'http://node8.example.com:8080/is/image/' },
        { name: 'application_server_prefix_origin_b', value: 'http://node8:8080/is/image/' },
      ],
    },
  ],
];
