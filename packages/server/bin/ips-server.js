#!/usr/bin/env node
import module from 'node:module';

// What every start does again: compiling the code, and finding out the format of each of the hundreds of files of drizzle-orm,
// for which Node parses that package's large manifest every time. Versions of Node without these start more slowly.
module.enableCompileCache?.();
module.registerHooks?.({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    return /^\.\.?\/.*\.js$/.test(specifier) &&
      parentURL?.endsWith('.js') &&
      parentURL.includes('/drizzle-orm/')
      ? { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
      : next(specifier, context);
  },
});

const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
