#!/usr/bin/env node
keepCompiledCode();
// Stack traces are printed with --verbose. Reading the maps takes time, and shows where in the sources they begin.
if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true);
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));

/**
 * Node.js caches compiled code between runs, which halves the start time of a command. By default, it does so in the folder for temporary
 * files, where others could put code of theirs: nothing checks what is read. Without a folder of the user's own, nothing is cached.
 */
function keepCompiledCode() {
  // Importing these modules would read all of their exports.
  const { enableCompileCache } = process.getBuiltinModule('node:module');
  const { mkdirSync, statSync } = process.getBuiltinModule('node:fs');
  const { env, platform } = process;
  const ofUnix = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : env.HOME && `${env.HOME}/.cache`;
  const own = platform === 'win32' ? env.LOCALAPPDATA : ofUnix;
  let folder = env.NODE_COMPILE_CACHE;
  try {
    if (folder === undefined && own) {
      folder = `${own}/ips/compiled`;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const user = process.getuid?.();
      if (user !== undefined && statSync(folder).uid !== user) return;
    }
    if (folder !== undefined) enableCompileCache?.(folder);
  } catch {
    // It cannot be written.
  }
}
