#!/usr/bin/env node
import module from 'node:module';

// Node.js caches compiled code between runs, which halves the start time of a command.
module.enableCompileCache?.();
// Stack traces are printed with --verbose. Reading the maps takes time, and shows where in the sources they begin.
if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true);
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));
