/** A format of vignettes with the values of the documentation; only the company is missing. */
export const WEB_FORMAT = {
  name: 'Web & <800>',
  targetWidth: 800,
  targetHeight: 600,
  createPyramid: true,
  thumbWidth: 100,
  saveAsVersion: 0,
  sizeSuffixSeparator: '-',
  sharpen: 0,
  usmAmount: 1.5,
  usmRadius: 1.2,
  usmThreshold: 6,
} as const;
