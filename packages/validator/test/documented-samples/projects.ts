import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on projects. */
export const projectsSamples: readonly DocumentedSample[] = [
  [
    'operations/r-add-project-assets',
    'addProjectAssetsParam',
    { companyHandle: 'c|3', projectHandle: 'p|3|WinterProjectB', assetHandleArray: ['a|135|1|756'] },
  ],
  [
    'operations/r-add-project-assets',
    'addProjectAssetsReturn',
    { successCount: 1, warningCount: 0, errorCount: 0 },
  ],
  [
    'operations/r-create-project',
    'createProjectParam',
    { companyHandle: 'c|3', projectName: 'WinterProject' },
  ],
  ['operations/r-create-project', 'createProjectReturn', { projectHandle: 'p|3|WinterProject' }],
  [
    'operations/r-delete-project',
    'deleteProjectParam',
    { companyHandle: 'c|3', projectHandle: 'p|3|WinterProjectB' },
  ],
  ['operations/r-get-projects', 'getProjectsParam', { companyHandle: '40' }],
  [
    'operations/r-get-projects',
    'getProjectsReturn',
    {
      projectArray: [
        { projectHandle: '40|Winter 1', name: 'Winter 1' },
        { projectHandle: '40|Winter 2', name: 'Winter 2' },
      ],
    },
  ],
  [
    'operations/r-remove-project-assets',
    'removeProjectAssetsParam',
    {
      companyHandle: 'c|3',
      projectHandle: 'p|3|WinterProjectB',
      assetHandleArray: ['a|135|1|756', 'a|184|1|770'],
    },
  ],
  [
    'operations/r-rename-project',
    'renameProjectParam',
    { companyHandle: 'c|3', projectHandle: 'p|3|WinterProject', projectName: 'WinterProjectB' },
  ],
  ['operations/r-rename-project', 'renameProjectReturn', { projectHandle: 'p|3|WinterProjectB' }],
  [
    'operations/r-set-project-assets',
    'setProjectAssetsParam',
    { companyHandle: 'c|3', projectHandle: 'p|3|WinterProjectB', assetHandleArray: ['a|184|1|770'] },
  ],
  [
    'operations/r-set-project-assets',
    'setProjectAssetsReturn',
    { successCount: 1, warningCount: 0, errorCount: 0 },
  ],
];
