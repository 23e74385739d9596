// The pages of the console in all their states, with the mock behind them: for pictures of them, and for checks that concern every one.

import type { Page } from 'playwright-core';
import type { MockOptions } from './mock-console.ts';
import type { MockHost } from './mock-host.ts';
import { mockRows } from './mock-jobs.ts';

/** A page in a state. */
export interface View {
  readonly name: string;
  readonly path: string;
  /** What the mock is like. */
  readonly host: MockOptions;
  /** What is done once the page is there. */
  readonly act?: (page: Page, host: MockHost) => Promise<unknown>;
}

const OUTAGE = {
  code: 'outage',
  message: 'the service does not answer: connect ECONNREFUSED 127.0.0.1:8080',
} as const;
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
const job = (index: number): string =>
  `/jobs/job?handle=${encodeURIComponent(mockRows(9)[index]?.handle ?? '')}`;

export const VIEWS: readonly View[] = [
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
  { name: 'submit-schedule', path: '/submit?when=schedule', host: {} },
  {
    name: 'submit-problems',
    path: '/submit',
    host: {},
    act: async (page) => {
      await page.getByLabel('Source URL').fill('');
      await page.locator('.list-item .problem').first().waitFor();
    },
  },
  {
    name: 'submit-json',
    path: '/submit',
    host: {},
    act: (page) => page.getByRole('button', { name: 'JSON', exact: true }).click(),
  },
  {
    name: 'submit-folder',
    path: '/submit',
    host: {},
    act: (page) => page.getByRole('button', { name: 'Choose…' }).first().click(),
  },
  {
    name: 'submit-assets',
    path: '/submit?kind=exportJob',
    host: {},
    act: (page) => page.getByRole('button', { name: 'Choose…' }).first().click(),
  },
  {
    name: 'schedules-edit',
    path: '/schedules',
    host: {},
    act: (page) => page.getByRole('button', { name: 'Edit…' }).first().click(),
  },
  { name: 'not-found', path: '/nowhere', host: {} },
  ...pages('schedules', '/schedules'),
  ...pages('assets', '/assets'),
  { name: 'assets-list', path: '/assets?view=list', host: {} },
  {
    name: 'assets-selected',
    path: '/assets?view=list',
    host: {},
    act: async (page) => {
      for (const name of ['red-runner', 'blue-runner', 'sole'])
        await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check();
    },
  },
  { name: 'assets-hostile', path: '/assets', host: { isHostile: true } },
  { name: 'asset-hostile', path: '/assets/asset?handle=a|0', host: { isHostile: true } },
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
  permissions('assets-permissions', '/assets'),
  permissions('assets-permissions-followed', '/assets?folder=MyCompany/Bags/'),
  permissions('assets-permissions-hostile', '/assets?folder=MyCompany/Bags/', { isHostile: true }),
  permissions('assets-permissions-none', '/assets', { isEmpty: true }),
  permissions('assets-permissions-refused', '/assets', { refusesPermissions: true }),
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
  {
    name: 'publish-start',
    path: '/publish',
    host: {},
    act: (page) => page.getByRole('button', { name: 'Start a publish…' }).click(),
  },
  { name: 'test-notifications', path: '/test?tab=notifications', host: {} },
  {
    name: 'test-reset',
    path: '/test',
    host: {},
    act: (page) => page.getByRole('button', { name: 'Reset…' }).click(),
  },
  { name: 'test-mails', path: '/test?tab=mails', host: {} },
  { name: 'test-journal', path: '/test?tab=journal', host: {} },
  { name: 'test-journal-entry', path: '/test?tab=journal&entry=0', host: {} },
];

/** A page busy, empty and failing. */
function pages(name: string, path: string): View[] {
  return [
    { name, path, host: {} },
    { name: `${name}-empty`, path, host: { isEmpty: true, jobs: 0 } },
    { name: `${name}-error`, path, host: { problem: OUTAGE } },
  ];
}

/** The permissions of a folder. */
function permissions(name: string, path: string, host: MockOptions = {}): View {
  return {
    name,
    path,
    host,
    act: (page) => page.getByRole('button', { name: 'Permissions' }).click(),
  };
}

/** Opens a view, and waits until it is there. */
export async function openView(page: Page, { path, act }: View, host: MockHost): Promise<void> {
  await page.goto(host.origin + path);
  await page.locator('h1, [role="alert"], .state').first().waitFor();
  await act?.(page, host);
}
