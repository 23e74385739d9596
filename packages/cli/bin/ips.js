#!/usr/bin/env node
// Node.js caches compiled code between runs, which halves the start time of a command. Importing the module would read all of its exports.
process.getBuiltinModule('node:module').enableCompileCache?.();
// Stack traces are printed with --verbose. Reading the maps takes time, and shows where in the sources they begin.
if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true);
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));
