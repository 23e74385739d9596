import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder with the profiles: `IPS_CONFIG_DIR`, or `ips` in the settings folder of the system: `XDG_CONFIG_HOME`, `~/.config`, or
 * `%APPDATA%` on Windows.
 */
export function configFolder(env: NodeJS.ProcessEnv): string {
  if (env['IPS_CONFIG_DIR']) return env['IPS_CONFIG_DIR'];
  if (process.platform === 'win32') return join(env['APPDATA'] ?? join(home(env), 'AppData/Roaming'), 'ips');
  return join(env['XDG_CONFIG_HOME'] || join(home(env), '.config'), 'ips');
}

/** The folder for persistent data other than settings: journals, recording keys, and the data of the local server. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  if (env['IPS_STATE_DIR']) return env['IPS_STATE_DIR'];
  if (process.platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home(env), 'AppData/Local'), 'ips');
  return join(env['XDG_STATE_HOME'] || join(home(env), '.local/state'), 'ips');
}

function home(env: NodeJS.ProcessEnv): string {
  return env['HOME'] || homedir();
}
