// Runs turbo without telemetry and update notices; arguments pass through.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const turbo = fileURLToPath(new URL('../node_modules/turbo/bin/turbo', import.meta.url));
const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
};
const args = process.argv.slice(2);
// `.ci/run` sets it once everything is built. Its steps run side by side, and turbo would unpack its copies of built files, which another
// step is just reading.
// biome-ignore lint/suspicious/noUndeclaredEnvVars: turbo hands it to nobody.
const isBuilt = process.env.IPS_BUILT === '1';
if (!(isBuilt && args[0] === 'run' && args[1] === 'build')) {
  const only = isBuilt ? ['--only'] : [];
  const rest = args.indexOf('--');
  const end = rest === -1 ? args.length : rest;
  const all = [...args.slice(0, end), ...only, ...args.slice(end)];
  const { status, error } = spawnSync(process.execPath, [turbo, ...all], { stdio: 'inherit', env });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
