import { duration } from '../duration.js';
import type { CommandSpec, OptionSpec } from '../spec.js';

const TIMEOUT: OptionSpec = {
  flags: '--timeout <time>',
  description: 'give up waiting after this long (exit code 6); the job goes on',
  parse: duration,
};

/** `ips upload` */
export const upload: CommandSpec = {
  name: 'upload',
  summary: 'upload files, folders and URLs, and tell what became of each',
  description:
    'A journal is kept: when an upload is interrupted, the same command goes on where it ended, and nothing is sent twice. Exits ' +
    'with 1 when a file failed.',
  arguments: [
    {
      syntax: '[paths...]',
      description: 'files, and folders with all that is in them; - reads a list of paths from stdin',
      completion: 'file',
    },
  ],
  options: [
    {
      flags: '--urls <file>',
      description: 'CSV with a URL and a place on each line, or URLs alone; - is stdin',
      completion: 'file',
    },
    { flags: '--to <folder>', description: 'where they go: MyCompany/Shoes/ (the root of the company)' },
    { flags: '--as <name>', description: 'upload what comes from stdin as this file, with - for the path' },
    { flags: '--only <pattern>', description: 'only files of folders whose path matches: *.tif' },
    { flags: '--name <name>', description: 'the beginning of the names of the jobs' },
    {
      flags: '-f, --field <key=value>',
      description: 'a field of the job: xmpKeywords=shoes, emailSetting=JobCompletion',
      repeatable: true,
    },
    { flags: '--no-overwrite', description: 'leave assets that are there already as they are' },
    { flags: '--no-ready', description: 'do not mark the assets for publish' },
    { flags: '--journal <file>', description: 'keep track in this file', completion: 'file' },
    { flags: '--no-journal', description: 'keep no track' },
    { flags: '--job-size <n>', description: 'files in one job, at most 1000' },
    TIMEOUT,
  ],
  prints: true,
  connects: true,
  hasDryRun: true,
  examples: [
    {
      command: 'ips upload photos/ --to MyCompany/Shoes/ --only "*.tif"',
      says: 'A folder with all below it',
    },
    { command: 'ips upload --urls shoes.csv', says: 'Files that the service fetches: sourceUrl,destPath' },
    { command: 'find . -newer last-time -name "*.psd" | ips upload -', says: 'What another program finds' },
    {
      command: 'ips upload photos/ --jq ".[] | select(.status == \\"failed\\") | .reason"',
      says: 'What went wrong',
    },
  ],
  load: () => import('../commands/upload.js'),
};

/** `ips publish` */
export const publish: CommandSpec = {
  name: 'publish',
  summary: 'publish what is marked for it to image serving',
  options: [
    { flags: '--full', description: 'everything anew, not only what changed' },
    { flags: '--context <handle>', description: 'the publish context, pc|3001' },
    { flags: '--name <name>', description: 'the name of the job' },
    { flags: '--no-wait', description: 'do not wait until it has ended; print its handle' },
    TIMEOUT,
    {
      flags: '--interval <time>',
      description: 'look this often while something happens (1s)',
      parse: duration,
    },
  ],
  prints: true,
  connects: true,
  hasDryRun: true,
  examples: [
    { command: 'ips publish', says: 'What changed; exits with 1 when it does not succeed' },
    { command: 'ips publish --full --no-wait', says: 'Everything, without waiting' },
  ],
  load: () => import('../commands/publish.js'),
};

/** `ips export` */
export const exporting: CommandSpec = {
  name: 'export',
  summary: 'export assets as archives, and download them or print where they are',
  description:
    'Without --to the links of the archives are printed; the service keeps them for a while. With --to the archives are downloaded, and ' +
    'the paths of the files are printed. A file that is there already is not replaced without being asked. Exits with 1 when an export ' +
    'did not succeed.',
  arguments: [
    { syntax: '<assets...>', description: 'handles or names; - reads them from stdin, one a line' },
  ],
  options: [
    {
      flags: '--to <folder>',
      description: 'download the archives into this folder, which is made where it is not there',
      completion: 'file',
    },
    {
      flags: '--format <format>',
      description: 'the original files, or converted ones',
      choices: ['orig', 'convert'],
      default: 'orig',
    },
    { flags: '--modifier <commands>', description: 'image serving commands: wid=800&fmt=png' },
    { flags: '--name <name>', description: 'the name of the job, and so of the archive' },
    { flags: '--chunk <n>', description: 'assets in one job (500)' },
    TIMEOUT,
  ],
  prints: true,
  connects: true,
  hasDryRun: true,
  asks: true,
  examples: [
    { command: 'ips export red-shoe blue-shoe --to archives/', says: 'By name; get the file' },
    {
      command: 'ips export red-shoe --format convert --modifier "wid=800&fmt=png" --to .',
      says: 'As PNG, 800 pixels wide',
    },
    {
      command: 'ips asset search --folder MyCompany/Shoes/ --limit 0 --jq ".[].assetHandle" | ips export -',
      says: 'All of a folder; print the links',
    },
  ],
  load: () => import('../commands/export.js'),
};

/** `ips cdn` */
export const cdn: CommandSpec = {
  name: 'cdn',
  summary: 'the cache of the content delivery network',
  examples: [
    {
      command: 'ips cdn invalidate https://s7d1.scene7.com/is/image/MyCompany/shoe',
      says: 'Drop an image',
    },
  ],
  commands: [
    {
      name: 'invalidate',
      summary: 'make it drop its copies of URLs',
      description: 'Every URL is looked at first: one that cannot be meant would fail all of them.',
      arguments: [{ syntax: '<urls...>', description: 'URLs; - reads them from stdin, one a line' }],
      options: [
        { flags: '--root-id <id>', description: 'the id of the company in its URLs; others are refused' },
        { flags: '--wait', description: 'wait until they are dropped' },
        TIMEOUT,
      ],
      prints: true,
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [
        {
          command: 'ips cdn invalidate https://s7d1.scene7.com/is/image/MyCompany/shoe --yes',
          says: 'One image',
        },
        { command: 'ips cdn invalidate - --wait --yes < urls.txt', says: 'Many, and wait' },
      ],
      load: () => import('../commands/cdn-invalidate.js'),
    },
    {
      name: 'status',
      summary: 'tell how far an invalidation is',
      arguments: [{ syntax: '<handle>', description: 'as ips cdn invalidate printed it' }],
      prints: true,
      connects: true,
      examples: [{ command: 'ips cdn status "6|10482"', says: 'Is it done?' }],
      load: () => import('../commands/cdn-status.js'),
    },
  ],
};
