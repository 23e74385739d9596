#!/usr/bin/env node
import module from 'node:module';

// Node.js caches compiled code between starts.
module.enableCompileCache?.();

const { main } = await import('../dist/bundle/main.js');
process.exitCode = await main(process.argv.slice(2));
