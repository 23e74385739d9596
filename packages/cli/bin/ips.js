#!/usr/bin/env node
import module from 'node:module';

// Node.js caches compiled code between runs, which halves the start time of a command.
module.enableCompileCache?.();
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));
