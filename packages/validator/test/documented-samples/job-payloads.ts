import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on job payloads and their options. */
export const jobPayloadsSamples: readonly DocumentedSample[] = [
  [
    'types/r-knockout-background-options',
    'KnockoutBackgroundOptions',
    { corner: 'UpperLeft', tolerance: 0.3, fillMethod: 'MatchPixel' },
  ],
  [
    'types/r-upload-post-job',
    'UploadPostJob',
    {
      overwrite: true,
      readyForPublish: true,
      preservePublishState: true,
      createMask: true,
      preserveCrop: false,
      manualCropOptions: { left: 170, right: 290, top: 140, bottom: 110 },
      emailSetting: 'None',
    },
  ],
];
