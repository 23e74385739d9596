import { sizeUpTo } from '../byte-size.js';
import { timeText, wholeNumber } from '../duration.js';
import type { CommandSpec } from '../spec.js';
import { urlTemplate } from '../url-values.js';
import { TIMEOUT, WAIT } from './wait-options.js';

/** `ips upload` */
export const upload: CommandSpec = {
  name: 'upload',
  summary: 'upload files, folders and URLs, and report the outcome of each',
  description:
    'A journal records progress. Run the same command again to resume an interrupted upload where it stopped; no file is sent twice. ' +
    'After an upload has ended, even with failures, the same command sends everything again. Hidden files and system files ' +
    '(.DS_Store, Thumbs.db, desktop.ini) are skipped. In patterns, * and ? match within a name, ** matches across folders, and {a,b} ' +
    'matches either; a pattern without a slash matches names. Exits with 1 if a file fails.',
  arguments: [
    {
      syntax: '[paths...]',
      description: 'files and folders; - reads paths from stdin, one per line',
      completion: 'file',
    },
  ],
  options: [
    {
      flags: '--urls <file>',
      description: 'CSV with a URL and optionally a destination per line; - is stdin',
      completion: 'file',
    },
    { flags: '--to <folder>', description: 'the target folder: MyCompany/Shoes/ (the company root)' },
    { flags: '--as <name>', description: 'upload stdin under this name; the path must be -' },
    {
      flags: '--include <pattern>',
      description: 'only matching files and files in matching folders: *.tif',
      repeatable: true,
    },
    {
      flags: '--exclude <pattern>',
      description: 'skip matching files and folders: "*.psd", raw/',
      repeatable: true,
    },
    { flags: '--only <pattern>', description: 'the same as --include' },
    { flags: '--hidden', description: 'include hidden files and system files' },
    {
      flags: '--name <name>',
      description: 'the job name; a time is appended if it is taken, and to the names of further jobs',
    },
    {
      flags: '-f, --field <key=value>',
      description: 'set a field of the job: xmpKeywords=shoes, emailSetting=JobCompletion',
      repeatable: true,
    },
    { flags: '--no-overwrite', description: 'do not replace existing assets' },
    { flags: '--no-ready', description: 'do not mark the assets for publish' },
    { flags: '--journal <file>', description: 'the journal file', completion: 'file' },
    { flags: '--no-journal', description: 'keep no journal' },
    {
      flags: '--verify',
      description:
        'when resuming, check that the service still has the files already sent, and resend missing ones',
    },
    { flags: '--job-size <n>', description: 'files per job, up to 1000', parse: wholeNumber(1, 1000) },
    TIMEOUT,
  ],
  prints: true,
  lists: true,
  connects: true,
  hasDryRun: true,
  examples: [
    {
      command: 'ips upload photos/ --to MyCompany/Shoes/ --include "*.tif" --exclude raw/',
      says: 'TIFF files in a folder and its subfolders, except raw/',
    },
    { command: 'ips upload --urls shoes.csv', says: 'Let the service fetch files: sourceUrl,destPath' },
    {
      command: 'find . -newer last-time -name "*.psd" | ips upload -',
      says: 'Files listed by another program',
    },
    {
      command: 'ips upload photos/ --jq ".[] | select(.status == \\"failed\\") | .reason"',
      says: 'Reasons of failures',
    },
  ],
  load: () => import('../commands/upload.js'),
};

/** `ips publish` */
export const publish: CommandSpec = {
  name: 'publish',
  summary: 'publish marked assets to image serving',
  options: [
    { flags: '--full', description: 'publish all marked assets, not only changed ones' },
    { flags: '--context <handle>', description: 'the publish context: pc|3001' },
    { flags: '--name <name>', description: 'the job name' },
    { flags: '--no-wait', description: 'print the job handle without waiting for the job to end' },
    {
      flags: '--if-running <what>',
      description: 'if another publish is running: wait for it, skip this one, or stop the other',
      choices: ['wait', 'skip', 'stop'],
    },
    ...WAIT,
  ],
  description:
    'A company can run one publish to image serving at a time. Without --if-running, the service queues or refuses a second one. ' +
    '--if-running skip exits with 0; --if-running stop prompts before it stops the other publish.',
  prints: true,
  connects: true,
  hasDryRun: true,
  asks: true,
  examples: [
    { command: 'ips publish', says: 'Publish changes; exit with 1 if the job does not succeed' },
    { command: 'ips publish --full --no-wait', says: 'Publish everything without waiting' },
    { command: 'ips publish --if-running skip', says: 'In a cron job: do nothing if a publish is running' },
  ],
  load: () => import('../commands/publish.js'),
};

/** `ips export` */
export const exporting: CommandSpec = {
  name: 'export',
  summary: 'export assets as archives, and download them or print their links',
  description:
    'Without --to, prints links to the archives, which the service keeps for a limited time. With --to, downloads the archives, ' +
    'verifies every file in them and prints their paths; prompts before replacing an existing file. The service exports at most 500 ' +
    'assets and 1 GB per job, so larger exports use several jobs. A journal records progress: run the same command again to resume ' +
    'an interrupted export. Exits with 1 if an export does not succeed.',
  arguments: [
    { syntax: '<assets...>', description: 'handles or names; - reads them from stdin, one per line' },
  ],
  options: [
    {
      flags: '--to <folder>',
      description: 'download the archives into this folder; create it if needed',
      completion: 'file',
    },
    {
      flags: '--format <format>',
      description: 'original or converted files',
      choices: ['orig', 'convert'],
      default: 'orig',
    },
    { flags: '--modifier <commands>', description: 'image serving commands: wid=800&fmt=png' },
    {
      flags: '--preset <name>',
      description: 'apply an image preset to converted files; its file format takes precedence',
    },
    { flags: '--name <name>', description: 'the name of the job and of the archive' },
    {
      flags: '--chunk <n>',
      description: 'the maximum number of assets per job, up to 500 (500)',
      parse: wholeNumber(1, 500),
    },
    {
      flags: '--max-size <size>',
      description: 'the maximum size of originals per job, up to 1GB: 500MB (1GB)',
      parse: sizeUpTo(1_000_000_000, '1GB'),
    },
    { flags: '--journal <file>', description: 'the journal file', completion: 'file' },
    { flags: '--no-journal', description: 'keep no journal' },
    TIMEOUT,
  ],
  prints: true,
  lists: true,
  connects: true,
  hasDryRun: true,
  asks: true,
  examples: [
    { command: 'ips export red-shoe blue-shoe --to archives/', says: 'Download two assets in an archive' },
    {
      command: 'ips export red-shoe --format convert --modifier "wid=800&fmt=png" --to .',
      says: 'Convert to PNG, 800 pixels wide',
    },
    {
      command: 'ips asset search --folder MyCompany/Shoes/ --limit 0 --jq ".[].assetHandle" | ips export -',
      says: 'Print links to archives of all assets in a folder',
    },
  ],
  load: () => import('../commands/export.js'),
};

/** `ips cdn` */
export const cdn: CommandSpec = {
  name: 'cdn',
  summary: 'invalidate the cache of the content delivery network (CDN)',
  examples: [
    {
      command: 'ips cdn invalidate --asset red-shoe',
      says: 'Invalidate an image',
    },
  ],
  commands: [
    {
      name: 'invalidate',
      summary: 'remove cached copies of assets or URLs',
      description:
        "URLs are built from the company's template, in which <ID> is the asset name: the property " +
        'application_cdn_invalidation_template in the property set Adobe.SPS.ApplicationSetting. All URLs are checked before anything ' +
        'is sent, because the service rejects the whole request if one of them is invalid.',
      arguments: [{ syntax: '[urls...]', description: 'URLs; - reads them from stdin, one per line' }],
      options: [
        {
          flags: '--asset <names...>',
          description: 'assets by name or handle; - reads them from stdin, one per line',
          repeatable: true,
        },
        {
          flags: '--folder <path>',
          description: 'all assets in this folder and its subfolders: MyCompany/Shoes/',
        },
        { flags: '--flat', description: 'exclude subfolders of --folder' },
        {
          flags: '--published-since <time>',
          description: 'all assets published or unpublished since this time: 2h, 2014-04-03T00:00:00Z',
          parse: timeText,
        },
        {
          flags: '--preset <name>',
          description: 'also invalidate URLs with this image preset, ?$product$',
          repeatable: true,
        },
        {
          flags: '--url-template <url>',
          description: "a template to use instead of the company's, with <ID> for the asset name",
          repeatable: true,
          parse: urlTemplate,
        },
        { flags: '--root-id <id>', description: 'the company id that URLs must contain; refuse others' },
        { flags: '--wait', description: 'wait until the invalidation is complete' },
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
          says: 'Invalidate one URL',
        },
        {
          command: 'ips cdn invalidate - --wait --yes < urls.txt',
          says: 'Invalidate URLs from a file, and wait',
        },
        {
          command: 'ips cdn invalidate --asset red-shoe blue-shoe --preset product',
          says: "Two assets, with the company's template",
        },
        {
          command: 'ips publish && ips cdn invalidate --published-since 1h --yes',
          says: 'Publish, then invalidate the published assets',
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
      examples: [{ command: 'ips cdn status "6|10482"', says: 'Show the status' }],
      load: () => import('../commands/cdn-status.js'),
    },
  ],
};
