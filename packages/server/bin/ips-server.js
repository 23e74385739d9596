#!/usr/bin/env node
keepCompiledCode();
const { main } = await import('../dist/bundle/main.js');
process.exitCode = await main(process.argv.slice(2));

/**
 * Node.js caches compiled code between runs, which halves the time of a start. By default, it does so in the folder for temporary
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
      folder = `${own}/ips-server/compiled`;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const user = process.getuid?.();
      if (user !== undefined && statSync(folder).uid !== user) return;
    }
    if (folder !== undefined) enableCompileCache?.(folder);
  } catch {
    // It cannot be written.
  }
}
