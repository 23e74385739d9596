// Takes pictures of every page: light and dark, 1440 and 390 pixels wide; empty, busy and failing. With the mock host, so that they are
// the same each time.
//
//   node scripts/screenshots.mjs FOLDER [part of a name]
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startMockHost } from '../dev/mock-host.ts';
import { MOCK_NOW, mockRows } from '../dev/mock-jobs.ts';

const [folder, part = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('give the folder of the pictures: screenshots.mjs /tmp/pictures');
mkdirSync(folder, { recursive: true });

const OUTAGE = {
  code: 'outage',
  message: 'the service does not answer: connect ECONNREFUSED 127.0.0.1:8080',
};
const PROFILES = [
  {
    name: 'production',
    endpoint: 'https://s7sps1apissl.scene7.com/',
    hasCredentials: true,
    readOnly: true,
    user: 'ann@example.com',
  },
  { name: 'local', endpoint: 'http://127.0.0.1:8080/', hasCredentials: false, readOnly: false },
];
const job = (index) => `/jobs/job?handle=${encodeURIComponent(mockRows(9)[index].handle)}`;

/** Each: a name, the address, what the mock is like, and what is done before the picture. */
const PICTURES = [
  { name: 'login', path: '/', host: { isLoggedIn: false } },
  { name: 'login-profiles', path: '/', host: { isLoggedIn: false, profiles: PROFILES } },
  {
    name: 'login-refused',
    path: '/',
    host: { isLoggedIn: false },
    act: async (page) => {
      await page.getByLabel('E-mail address').fill('ann@example.com');
      await page.getByLabel('Password').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'jobs', path: '/jobs', host: { jobs: 200 } },
  { name: 'jobs-empty', path: '/jobs', host: { jobs: 0 } },
  { name: 'jobs-none-match', path: '/jobs?text=nothing', host: {} },
  { name: 'jobs-error', path: '/jobs', host: { problem: OUTAGE } },
  { name: 'jobs-read-only', path: '/jobs', host: { readOnly: 'this profile is read-only' } },
  {
    name: 'jobs-filtered',
    path: '/jobs?type=URLupload&user=me&stage=completed',
    host: { jobs: 200 },
  },
  {
    name: 'jobs-selected',
    path: '/jobs',
    host: { jobs: 200 },
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Select Spring shoes' }).check();
      await page.getByRole('checkbox', { name: 'Select Full publish' }).check();
    },
  },
  {
    name: 'jobs-confirm',
    path: '/jobs',
    host: { jobs: 200 },
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Select Spring shoes' }).check();
      await page.getByRole('checkbox', { name: 'Select Full publish' }).check();
      await page.getByRole('button', { name: 'Stop…' }).click();
    },
  },
  {
    name: 'jobs-outcomes',
    path: '/jobs',
    host: { jobs: 200 },
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Select Spring shoes' }).check();
      await page.getByRole('checkbox', { name: 'Select Full publish' }).check();
      await page.getByRole('button', { name: 'Stop…' }).click();
      await page.getByRole('button', { name: 'Stop 2 jobs' }).click();
      await page.getByRole('region', { name: 'Messages' }).getByRole('paragraph').waitFor();
    },
  },
  {
    name: 'jobs-filter-open',
    path: '/jobs',
    host: { jobs: 200 },
    act: async (page) => {
      const chip = page.getByRole('button', { name: /^State any/ });
      if (await chip.isVisible()) await chip.click();
      else await page.getByRole('button', { name: 'Filters' }).click();
    },
  },
  {
    name: 'jobs-keys',
    path: '/jobs',
    host: { jobs: 200 },
    act: (page) => page.keyboard.press('?'),
  },
  { name: 'job', path: job(0), host: {} },
  { name: 'job-failed', path: job(5), host: {} },
  { name: 'job-scheduled', path: job(3), host: {} },
  { name: 'job-error', path: job(0), host: { problem: OUTAGE } },
  {
    name: 'job-run-again',
    path: job(0),
    host: {},
    act: (page) => page.getByRole('button', { name: 'Run again…' }).click(),
  },
  {
    name: 'job-xml',
    path: job(0),
    host: {},
    act: (page) => page.getByRole('button', { name: 'Show the XML' }).click(),
  },
  {
    name: 'session-ended',
    path: '/jobs',
    host: { jobs: 200 },
    act: async (page, { console: mock }) => {
      mock.expire();
      await page.getByRole('dialog').waitFor();
    },
  },
  ...pages('submit', '/submit'),
  {
    name: 'submit-lines',
    path: '/submit',
    host: {},
    act: async (page) => {
      await page.getByRole('button', { name: 'Paste several lines…' }).first().click();
      await page
        .getByLabel('One item in each line')
        .fill('https://images.example.com/blue%20runner.tif\nhttps://images.example.com/sole.tif\ta\tb');
    },
  },
  { name: 'not-found', path: '/nowhere', host: {} },
  ...pages('schedules', '/schedules'),
  ...pages('assets', '/assets'),
  { name: 'assets-list', path: '/assets?view=list', host: {} },
  { name: 'assets-trash', path: '/assets?place=trash', host: {} },
  { name: 'assets-read-only', path: '/assets', host: { readOnly: 'this profile is read-only' } },
  {
    name: 'assets-upload',
    path: '/assets',
    host: {},
    act: async (page) => {
      const files = ['red-runner.tif', 'blue-runner.tif'].map((name) => ({
        name,
        mimeType: 'image/tiff',
        buffer: Buffer.alloc(100_000),
      }));
      await page.getByLabel('Files to upload').setInputFiles(files);
    },
  },
  ...pages('asset', '/assets/asset?handle=a|0'),
  ...[
    ['assets-permissions', '/assets', {}],
    ['assets-permissions-followed', '/assets?folder=MyCompany/Bags/', {}],
    ['assets-permissions-hostile', '/assets?folder=MyCompany/Bags/', { isHostile: true }],
    ['assets-permissions-none', '/assets', { isEmpty: true }],
    ['assets-permissions-refused', '/assets', { refusesPermissions: true }],
  ].map(([name, path, host]) => ({
    name,
    path,
    host,
    act: (page) => page.getByRole('button', { name: 'Permissions' }).click(),
  })),
  {
    name: 'asset-permissions',
    path: '/assets/asset?handle=a|0',
    host: {},
    act: (page) => page.getByRole('heading', { name: 'Permissions' }).scrollIntoViewIfNeeded(),
  },
  {
    name: 'asset-permissions-hostile',
    path: '/assets/asset?handle=a|0',
    host: { isHostile: true },
    act: (page) => page.getByRole('heading', { name: 'Permissions' }).scrollIntoViewIfNeeded(),
  },
  ...pages('publish', '/publish'),
  ...pages('overview', '/overview'),
  ...pages('test', '/test'),
  { name: 'test-mails', path: '/test?tab=mails', host: {} },
  { name: 'test-journal', path: '/test?tab=journal', host: {} },
  { name: 'test-journal-entry', path: '/test?tab=journal&entry=0', host: {} },
];

/** A page busy, empty and failing. */
function pages(name, path) {
  return [
    { name, path, host: {} },
    { name: `${name}-empty`, path, host: { isEmpty: true, jobs: 0 } },
    { name: `${name}-error`, path, host: { problem: OUTAGE } },
  ];
}

const VIEWS = [1440, 390].flatMap((width) =>
  ['light', 'dark'].map((colorScheme) => ({
    width,
    colorScheme,
    viewport: { width, height: width === 390 ? 844 : 900 },
  })),
);

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
if (executablePath === undefined) throw new Error('no browser: install chromium');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
for (const { name, path, host: options, act } of PICTURES) {
  if (!name.includes(part)) continue;
  for (const { width, colorScheme, viewport } of VIEWS) {
    const host = await startMockHost(options);
    const context = await browser.newContext({
      viewport,
      colorScheme,
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    // The time does not matter to the mock; in the pictures it is always the same.
    await page.clock.setSystemTime(MOCK_NOW);
    await page.goto(host.origin + path);
    await page.locator('h1, [role="alert"], .state').first().waitFor();
    await act?.(page, host);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
    await context.close();
    await host[Symbol.asyncDispose]();
  }
  console.log(name);
}
await browser.close();
