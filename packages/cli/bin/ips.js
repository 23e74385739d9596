#!/usr/bin/env node
import module from 'node:module';

// Compiled code of earlier runs is kept by Node: a command starts in about half of the time.
module.enableCompileCache?.();
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));
