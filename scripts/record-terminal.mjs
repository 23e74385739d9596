// Creates docs/terminal.svg: a real run of the command line in a real terminal, against a job server on this machine, recorded
// frame by frame. Run it after `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { startImageHost } from './demo/image-host.mjs';
import { renderImages } from './demo/render-images.mjs';

const COLUMNS = 96;
const ROWS = 17;
/** Milliseconds between captures of the screen. */
const INTERVAL = 150;

/** The colors of the terminal, in the order of their numbers. */
const PALETTE = ['#3b4048', '#f47067', '#8ddb8c', '#f2cc60', '#6cb6ff', '#dcbdfb', '#76e3ea', '#cdd9e5'];

const ips = fileURLToPath(new URL('../packages/cli/bin/ips.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ips-record-'));
const data = join(folder, 'server');
const environment = {
  ...process.env,
  IPS_CONFIG_DIR: join(folder, 'config'),
  IPS_STATE_DIR: join(folder, 'state'),
  IPS_PROFILE: 'local',
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  NO_COLOR: undefined,
  CI: undefined,
};
const quietly = (...args) => {
  const { status, stderr } = spawnSync(process.execPath, [ips, ...args], {
    env: environment,
    encoding: 'utf8',
    cwd: folder,
  });
  if (status !== 0) throw new Error(`ips ${args.join(' ')} ended with ${status}: ${stderr}`);
};

const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, scrollback: 0, allowProposedApi: true });
const frames = [];
let clock = 0;

const names = await renderImages(join(folder, 'web'));
mkdirSync(join(folder, 'photos'));
for (const name of names.slice(0, 3)) renameSync(join(folder, 'web', name), join(folder, 'photos', name));
const host = await startImageHost(join(folder, 'web'), { bytesPerSecond: 25_000 });
try {
  quietly('server', 'start', '--data', data, '--allow-private');
  const urlArray = names
    .slice(3)
    .map((name) => ({ sourceUrl: `${host.url}/${name}`, destPath: `MyCompany/Web/${name}` }));
  const details = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };
  writeFileSync(join(folder, 'shoes.json'), JSON.stringify({ urlArray, ...details }));
  await type('ips upload photos/ --to MyCompany/Shoes/ --name Photos');
  await write('\u001b[2J\u001b[H');
  await type('ips job submit uploadUrlsJob --input shoes.json --name Spring --watch');
  await write('\u001b[2J\u001b[H');
  await type('ips publish');
  await type('ips job list');
  await hold(4000);
} finally {
  spawnSync(process.execPath, [ips, 'server', 'stop', '--data', data], { env: environment });
  host.close();
  rmSync(folder, { recursive: true, force: true });
}
const file = fileURLToPath(new URL('../docs/terminal.svg', import.meta.url));
writeFileSync(file, svg());
console.log(`${file}: ${frames.length} frames, ${(clock / 1000).toFixed(1)} s`);

/** Shows a command as if it were typed, runs it, and records the screen. */
async function type(shown) {
  const args = shown.split(' ').slice(1);
  await write('\u001b[1;32m$\u001b[0m ');
  for (const part of shown.match(/.{1,6}/g)) {
    await write(part);
    await hold(90);
  }
  await write('\r\n');
  const child = spawn(process.execPath, [ips, ...args], {
    cols: COLUMNS,
    rows: ROWS,
    cwd: folder,
    env: environment,
  });
  let ended = false;
  child.onData((text) => terminal.write(text));
  const exit = new Promise((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  exit.then(() => {
    ended = true;
  });
  while (!ended) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    await write('');
    look(INTERVAL);
  }
  if ((await exit) !== 0) {
    const rows = Array.from({ length: ROWS }, (_, y) =>
      terminal.buffer.active.getLine(y)?.translateToString(true),
    );
    throw new Error(`${shown} ended with ${await exit}:\n${rows.join('\n').trim()}`);
  }
  await write('');
  await hold(1500);
}

function write(text) {
  return new Promise((resolve) => terminal.write(text, resolve));
}

async function hold(milliseconds) {
  look(milliseconds);
}

/** Holds the screen for a while. A screen equal to the last one extends it. */
function look(milliseconds) {
  const screen = Array.from({ length: ROWS }, (_, y) => line(terminal.buffer.active.getLine(y), y)).join('');
  const last = frames.at(-1);
  if (last?.screen === screen) last.until += milliseconds;
  else frames.push({ screen, from: clock, until: clock + milliseconds });
  clock += milliseconds;
}

/** One line of the screen as SVG: a text for each run of cells that look alike. */
function line(row, y) {
  const runs = [];
  for (let x = 0; x < COLUMNS; x += 1) {
    const cell = row?.getCell(x);
    const text = cell?.getChars() || ' ';
    const style = styleOf(cell);
    const last = runs.at(-1);
    if (last?.style === style) last.text += text;
    else runs.push({ x, style, text });
  }
  return runs
    .filter(({ text }) => text.trim() !== '')
    .map(({ x, style, text }) => {
      const lead = text.length - text.trimStart().length;
      const shown = text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      return `<text x="${((x + lead) * 8.4 + 16).toFixed(1)}" y="${y * 19 + 58}" textLength="${(text.trim().length * 8.4).toFixed(1)}"${style}>${shown}</text>`;
    })
    .join('');
}

function styleOf(cell) {
  if (cell === undefined) return '';
  const index = cell.isFgPalette() ? cell.getFgColor() : undefined;
  const color =
    index === undefined
      ? undefined
      : index < 8
        ? PALETTE[index]
        : index < 16
          ? PALETTE[index - 8]
          : '#adbac7';
  const rgb = cell.isFgRGB() ? `#${cell.getFgColor().toString(16).padStart(6, '0')}` : undefined;
  return [
    color || rgb ? ` fill="${rgb ?? color}"` : '',
    cell.isBold() ? ' font-weight="bold"' : '',
    cell.isDim() ? ' opacity=".6"' : '',
  ].join('');
}

function svg() {
  const width = COLUMNS * 8.4 + 32;
  const height = ROWS * 19 + 60;
  const percent = (time) => ((time / clock) * 100).toFixed(3);
  const rules = frames.map(
    ({ from, until }, index) =>
      `@keyframes f${index}{0%{opacity:0}${percent(from)}%{opacity:1}${percent(until)}%{opacity:0}100%{opacity:0}}.f${index}{opacity:0;animation:f${index} ${clock}ms step-end infinite}`,
  );
  // The last frame is what shows where nothing moves.
  const last = frames.length - 1;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="ips uploads pictures and lists the jobs">
<style>text{white-space:pre}${rules.join('')}@media (prefers-reduced-motion:reduce){[class^=f]{animation:none}.f${last}{opacity:1}}</style>
<rect width="${width}" height="${height}" rx="8" fill="#22272e"/>
<circle cx="22" cy="20" r="6" fill="#f47067"/><circle cx="42" cy="20" r="6" fill="#f2cc60"/><circle cx="62" cy="20" r="6" fill="#8ddb8c"/>
<g fill="#adbac7" font-size="14" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace">
${frames.map(({ screen }, index) => `<g class="f${index}">${screen}</g>`).join('\n')}
</g>
</svg>
`;
}
