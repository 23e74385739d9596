import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on content delivery network cache. */
export const cdnSamples: readonly DocumentedSample[] = [
  [
    'operations/r-cdn-cache-invalidation',
    'cdnCacheInvalidationParam',
    {
      companyHandle: 'c|3',
      urlArray: [
        'http://images.example.com/is/image/BootCo/22002200?$small$',
        'http://images.example.com/is/image/BootCo/22002200?$detail$',
        'http://images.example.com/is/image/BootCo/22002200?$big$',
        'http://images.example.com/is/image/BootCo/SetDefaults?req=userdata',
      ],
    },
  ],
  [
    'operations/r-cdn-cache-invalidation',
    'cdnCacheInvalidationReturn',
    { successCount: 4, warningCount: 0, errorCount: 0 },
    [
      'required estimatedSeconds',
      'required invalidationHandle',
      'unknown-field successCount',
      'unknown-field warningCount',
      'unknown-field errorCount',
    ],
  ],
];
