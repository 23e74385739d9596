import { describe, expect, it } from 'vitest';
import { createApiClient } from '../src/api/api-client.ts';
import { queryString } from '../src/api/query-string.ts';
import { fitColumns } from '../src/components/fit-columns.ts';
import { isWebAddress } from '../src/components/safe-link.tsx';
import { findCrop } from '../src/job/crop-picture.tsx';
import { describeTask } from '../src/job/job-tasks.tsx';
import { lineOf } from '../src/job/log-text.ts';
import { parseDetails } from '../src/job/parse-details.ts';
import { KeyMap } from '../src/keyboard/key-map.ts';
import { describeRole } from '../src/shell/company-box.tsx';

describe('columns that fit', () => {
  const columns = [
    { id: 'name', width: 200, priority: 3 },
    { id: 'type', width: 100, priority: 1 },
    { id: 'state', width: 100, priority: 2 },
  ];

  it.each([
    [400, ['name', 'type', 'state']],
    [399, ['name', 'state']],
    [250, ['name']],
    [0, ['name']],
  ])('in %i pixels: %o', (room, expected) => expect(fitColumns(columns, room)).toEqual(expected));
});

describe('keys', () => {
  const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
  const noop = (): void => undefined;

  it('knows single keys and pairs, and forgets the first of a pair after a moment', () => {
    const map = new KeyMap();
    map.add({ keys: 'j', label: 'next', run: noop });
    map.add({ keys: 'g j', label: 'jobs', run: noop });
    expect(map.press(press('j'), 0)?.label).toBe('next');
    expect(map.press(press('g'), 10)).toBeUndefined();
    expect(map.press(press('j'), 20)?.label).toBe('jobs');
    map.press(press('g'), 100);
    expect(map.press(press('j'), 5000)?.label).toBe('next');
  });

  it('leaves keys with Ctrl, Alt and Meta to the browser', () => {
    const map = new KeyMap();
    map.add({ keys: 'k', label: 'up', run: noop });
    expect(map.press(press('k', { ctrlKey: true }), 0)).toBeUndefined();
    expect(map.press(press('k', { metaKey: true }), 0)).toBeUndefined();
  });

  it('prefers the latest meaning, and returns to the one before', () => {
    const map = new KeyMap();
    map.add({ keys: '/', label: 'shell', run: noop });
    const remove = map.add({ keys: '/', label: 'page', run: noop });
    expect(map.press(press('/'), 0)?.label).toBe('page');
    expect(map.list()).toHaveLength(1);
    remove();
    expect(map.press(press('/'), 0)?.label).toBe('shell');
  });
});

describe('links', () => {
  it.each([
    ['https://example.com/a', true],
    ['http://example.com', true],
    ['javascript:alert(1)', false],
    [' javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['//example.com', false],
    ['not an address', false],
  ])('%s becomes a link: %s', (url, expected) => expect(isWebAddress(url)).toBe(expected));
});

describe('queries', () => {
  it('repeats lists, and leaves out what is absent', () => {
    expect(queryString({ a: ['x', 'y&z'], b: undefined, c: '', d: 0, e: false })).toBe(
      '?a=x&a=y%26z&c=&d=0&e=false',
    );
    expect(queryString({})).toBe('');
  });
});

describe('the client', () => {
  const session = { isLoggedIn: true, csrf: 'token-1' };

  it('sends the token of the latest session with every change', async () => {
    const sent: (string | null)[] = [];
    const client = createApiClient({
      fetch: async (_url, init) => {
        sent.push(new Headers(init?.headers).get('x-csrf-token'));
        return Response.json(session);
      },
    });
    await client.get('session', {});
    await client.post('logout', {});
    expect(sent).toEqual([null, 'token-1']);
  });

  it('takes the token of another tab, and sends the change again, once', async () => {
    const sent: string[] = [];
    let accepted = 'token-2';
    const client = createApiClient({
      fetch: async (url, init) => {
        const token = new Headers(init?.headers).get('x-csrf-token') ?? '';
        sent.push(`${String(url).split('/').at(-1)} ${token}`);
        if (init?.method !== 'POST') return Response.json({ isLoggedIn: true, csrf: 'token-2' });
        if (token === accepted) return Response.json({ outcomes: [], summary: 'done' });
        return Response.json(
          { error: { code: 'csrf', message: 'not the token of this session' } },
          { status: 403 },
        );
      },
    });
    await expect(client.post('job/actions', { action: 'stop', handles: [] })).resolves.toMatchObject({
      summary: 'done',
    });
    expect(sent).toEqual(['actions ', 'session ', 'actions token-2']);
    accepted = 'none';
    await expect(client.post('job/actions', { action: 'stop', handles: [] })).rejects.toMatchObject({
      code: 'csrf',
    });
    expect(sent).toHaveLength(6);
  });

  it('shows the words of the host, and its own for what is not from the host', async () => {
    const answers = [
      Response.json(
        { error: { code: 'fault', message: 'the job has ended', fault: { code: 12, reason: 'x' } } },
        { status: 409 },
      ),
      new Response('<h1>Bad gateway</h1>', { status: 502 }),
      new Response('not JSON'),
    ];
    const client = createApiClient({ fetch: async () => answers.shift() ?? Response.error() });
    await expect(client.get('kinds', {})).rejects.toMatchObject({
      code: 'fault',
      message: 'the job has ended',
      isTemporary: false,
    });
    await expect(client.get('kinds', {})).rejects.toMatchObject({ code: 'outage', isTemporary: true });
    await expect(client.get('kinds', {})).rejects.toMatchObject({ code: 'outage' });
  });

  it('is told of a failure even if its text is interrupted', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.error(new TypeError('network error')),
    });
    const client = createApiClient({ fetch: async () => new Response(broken, { status: 503 }) });
    await expect(client.get('kinds', {})).rejects.toMatchObject({
      code: 'outage',
      message: "the console's host answered with status 503",
      isTemporary: true,
    });
  });

  it('says when the host cannot be reached, and when the session has ended', async () => {
    let loggedOut = 0;
    const client = createApiClient({
      onLoggedOut: () => loggedOut++,
      fetch: async (url) => {
        if (String(url).includes('kinds')) throw new TypeError('failed to fetch');
        return Response.json({ error: { code: 'login', message: 'log in first' } }, { status: 401 });
      },
    });
    await expect(client.get('kinds', {})).rejects.toMatchObject({ code: 'network' });
    await expect(client.get('overview', {})).rejects.toMatchObject({ code: 'login' });
    expect(loggedOut).toBe(1);
  });
});

describe('a job in words', () => {
  it('finds the crop wherever the payload has it', () => {
    const manualCropOptions = { left: 1, right: 2, top: 3, bottom: 4 };
    expect(findCrop({ a: [{ b: { manualCropOptions } }] })).toEqual(manualCropOptions);
    expect(findCrop({ manualCropOptions: { left: 0, right: 0, top: 0, bottom: 0 } })).toBeUndefined();
    expect(findCrop({ manualCropOptions: 'text' })).toBeUndefined();
    expect(findCrop(undefined)).toBeUndefined();
  });

  it('names tasks and roles', () => {
    expect(describeTask('com.scene7.ips.AutomatedSetTask')).toBe('Automated set');
    expect(describeTask('Task')).toBe('Task');
    expect(describeRole('TrialCompanyAdmin')).toBe('Trial company admin');
    expect(describeRole('IpsUser')).toBe('IPS user');
  });

  it('keeps a row of the log in one line', () => {
    expect(
      lineOf({
        id: '1',
        level: 'error',
        logType: 'UploadError',
        dateCreated: 'now',
        logMessage: 'a\n\tb',
        assetName: 'x',
      }),
    ).toBe('now\tUploadError\tx\ta b');
  });

  it('reads an edited payload, or says why not', () => {
    expect(parseDetails('{"overwrite":true}')).toEqual({ details: { overwrite: true } });
    expect(parseDetails('{').problem).toContain('not JSON');
    expect(parseDetails('[]').problem).toContain('must be an object');
    expect(parseDetails('null').problem).toContain('must be an object');
  });
});
