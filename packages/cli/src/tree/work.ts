import { timeLimit, wholeNumber } from '../duration.js';
import type { CommandSpec, OptionSpec } from '../spec.js';

const TIMEOUT: OptionSpec = {
  flags: '--timeout <time>',
  description: 'give up waiting after this time (exit code 6); the job continues',
  parse: timeLimit,
};

/** `ips upload` */
export const upload: CommandSpec = {
  name: 'upload',
  summary: 'upload files, folders and URLs, and report what became of each',
  description:
    'It keeps a journal: when an upload is interrupted, the same command continues where it stopped, and sends nothing twice. An ' +
    'upload that ended, even with failures, is not continued: the same command sends everything. Files that operating systems leave ' +
    'in folders (.DS_Store, Thumbs.db, desktop.ini) and hidden files are skipped. Patterns: * and ? match within a name, ** across ' +
    'folders, {a,b} is a choice; a pattern without a slash matches names. Exits with 1 when a file failed.',
  arguments: [
    {
      syntax: '[paths...]',
      description: 'files, and folders with everything in them; - reads a list of paths from stdin',
      completion: 'file',
    },
  ],
  options: [
    {
      flags: '--urls <file>',
      description: 'CSV with a URL and a destination on each line, or only URLs; - is stdin',
      completion: 'file',
    },
    { flags: '--to <folder>', description: 'the target folder: MyCompany/Shoes/ (the root of the company)' },
    { flags: '--as <name>', description: 'upload stdin as a file with this name, with - as the path' },
    {
      flags: '--include <pattern>',
      description: 'only files that match, or that are in a folder that does: *.tif',
      repeatable: true,
    },
    {
      flags: '--exclude <pattern>',
      description: 'no files and folders that match: "*.psd", raw/',
      repeatable: true,
    },
    { flags: '--only <pattern>', description: 'the same as --include' },
    { flags: '--hidden', description: 'send hidden files and those of the operating system, too' },
    {
      flags: '--name <name>',
      description: 'the name of the job; further jobs, and one whose name is taken, get a time added',
    },
    {
      flags: '-f, --field <key=value>',
      description: 'a field of the job: xmpKeywords=shoes, emailSetting=JobCompletion',
      repeatable: true,
    },
    { flags: '--no-overwrite', description: 'do not replace assets that already exist' },
    { flags: '--no-ready', description: 'do not mark the assets for publish' },
    { flags: '--journal <file>', description: 'the file of the journal', completion: 'file' },
    { flags: '--no-journal', description: 'keep no journal' },
    {
      flags: '--verify',
      description: 'when continuing, ask the service for what was sent, and send again what it no longer has',
    },
    { flags: '--job-size <n>', description: 'files in one job, at most 1000', parse: wholeNumber(1, 1000) },
    TIMEOUT,
  ],
  prints: true,
  lists: true,
  connects: true,
  hasDryRun: true,
  examples: [
    {
      command: 'ips upload photos/ --to MyCompany/Shoes/ --include "*.tif" --exclude raw/',
      says: 'A folder and what is below it, but not raw/',
    },
    { command: 'ips upload --urls shoes.csv', says: 'Files that the service fetches: sourceUrl,destPath' },
    {
      command: 'find . -newer last-time -name "*.psd" | ips upload -',
      says: 'Files that another program finds',
    },
    {
      command: 'ips upload photos/ --jq ".[] | select(.status == \\"failed\\") | .reason"',
      says: 'What failed',
    },
  ],
  load: () => import('../commands/upload.js'),
};

/** `ips publish` */
export const publish: CommandSpec = {
  name: 'publish',
  summary: 'publish what is marked for it to image serving',
  options: [
    { flags: '--full', description: 'publish everything, not only what has changed' },
    { flags: '--context <handle>', description: 'the publish context, pc|3001' },
    { flags: '--name <name>', description: 'the name of the job' },
    { flags: '--no-wait', description: 'do not wait until it has ended; print its handle' },
    {
      flags: '--if-running <what>',
      description: 'while another publish runs: wait until it has ended, skip this one, or stop the other',
      choices: ['wait', 'skip', 'stop'],
    },
    TIMEOUT,
    {
      flags: '--interval <time>',
      description: 'how often to look while something changes (1s)',
      parse: timeLimit,
    },
    {
      flags: '--max-outage <time>',
      description: 'how long to retry while the service does not answer (5m)',
      parse: timeLimit,
    },
  ],
  description:
    'A company has one publish to image serving at a time: without --if-running a second one waits for its turn, or the service ' +
    'refuses it. A publish that was skipped exits with 0; before another is stopped, ips asks.',
  prints: true,
  connects: true,
  hasDryRun: true,
  asks: true,
  examples: [
    { command: 'ips publish', says: 'What has changed; exits with 1 when it does not succeed' },
    { command: 'ips publish --full --no-wait', says: 'Everything, without waiting' },
    { command: 'ips publish --if-running skip', says: 'In a schedule: leave it to the one that runs' },
  ],
  load: () => import('../commands/publish.js'),
};

/** `ips export` */
export const exporting: CommandSpec = {
  name: 'export',
  summary: 'export assets as archives, and download them or print their links',
  description:
    'Without --to the links of the archives are printed; the service keeps them for a while. With --to the archives are downloaded, and ' +
    'the paths of the files are printed. An existing file is not replaced without a prompt. Every archive is read to its end and ' +
    'checked. The service exports at most 500 assets and 1 GB in one job, so more are exported in several. It keeps a journal: when ' +
    'an export is interrupted, the same command continues where it stopped. Exits with 1 when an export did not succeed.',
  arguments: [
    { syntax: '<assets...>', description: 'handles or names; - reads them from stdin, one per line' },
  ],
  options: [
    {
      flags: '--to <folder>',
      description: 'download the archives into this folder, which is created if necessary',
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
    { flags: '--chunk <n>', description: 'the most assets in one job, up to 500 (500)' },
    {
      flags: '--max-size <size>',
      description: 'the most bytes of originals in one job, up to 1GB: 500MB (1GB)',
    },
    { flags: '--journal <file>', description: 'the file of the journal', completion: 'file' },
    { flags: '--no-journal', description: 'keep no journal' },
    TIMEOUT,
  ],
  prints: true,
  lists: true,
  connects: true,
  hasDryRun: true,
  asks: true,
  examples: [
    { command: 'ips export red-shoe blue-shoe --to archives/', says: 'By name; download the archive' },
    {
      command: 'ips export red-shoe --format convert --modifier "wid=800&fmt=png" --to .',
      says: 'As PNG, 800 pixels wide',
    },
    {
      command: 'ips asset search --folder MyCompany/Shoes/ --limit 0 --jq ".[].assetHandle" | ips export -',
      says: 'All assets of a folder; print the links',
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
      command: 'ips cdn invalidate --asset red-shoe',
      says: 'Invalidate an image',
    },
  ],
  commands: [
    {
      name: 'invalidate',
      summary: 'invalidate assets or URLs, so that their copies are dropped',
      description:
        'The URLs of assets follow the template of the company, in which <ID> stands for the name of an asset: the property ' +
        'application_cdn_invalidation_template of its property set Adobe.SPS.ApplicationSetting. Every URL is checked first, since one ' +
        'that is not valid would fail all of them.',
      arguments: [{ syntax: '[urls...]', description: 'URLs; - reads them from stdin, one per line' }],
      options: [
        {
          flags: '--asset <names...>',
          description: 'assets by name or handle; - reads them from stdin',
          repeatable: true,
        },
        { flags: '--folder <path>', description: 'all assets in this folder and below: MyCompany/Shoes/' },
        { flags: '--flat', description: 'only in the folder itself, not below' },
        {
          flags: '--published-since <time>',
          description: 'all that publishes sent or removed since this time: 2h, 2014-04-03T00:00:00Z',
        },
        {
          flags: '--preset <name>',
          description: 'also with this image preset: ?$product$',
          repeatable: true,
        },
        {
          flags: '--url-template <url>',
          description: 'in place of the template of the company, with <ID> for the name of an asset',
          repeatable: true,
        },
        { flags: '--root-id <id>', description: 'the id of the company in its URLs; others are refused' },
        { flags: '--wait', description: 'wait until they are dropped' },
        TIMEOUT,
      ],
      prints: true,
      lists: true,
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [
        {
          command: 'ips cdn invalidate https://s7d1.scene7.com/is/image/MyCompany/shoe --yes',
          says: 'One image',
        },
        { command: 'ips cdn invalidate - --wait --yes < urls.txt', says: 'Many URLs, and wait' },
        {
          command: 'ips cdn invalidate --asset red-shoe blue-shoe --preset product',
          says: 'Two assets, by the template of the company',
        },
        {
          command: 'ips publish && ips cdn invalidate --published-since 1h --yes',
          says: 'What was just published',
        },
      ],
      load: () => import('../commands/cdn-invalidate.js'),
    },
    {
      name: 'status',
      summary: 'show the progress of an invalidation',
      arguments: [{ syntax: '<handle>', description: 'the handle that ips cdn invalidate printed' }],
      prints: true,
      connects: true,
      examples: [{ command: 'ips cdn status "6|10482"', says: 'Is it done?' }],
      load: () => import('../commands/cdn-status.js'),
    },
  ],
};
