// Bundles the command into dist. What has native code or WebAssembly stays a package, as do the contract and its validators,
// which are large and in few files already.
import { rmSync } from 'node:fs';
import { bundlePackage } from '../../../scripts/bundle.mjs';

rmSync('dist', { recursive: true, force: true });
await bundlePackage({
  // The site of the documentation lists the commands and their options.
  entryPoints: ['src/main.ts', 'src/tree/tree.ts', 'src/spec.ts'],
  // The command has no use for the soap package, which the client offers.
  external: ['@ips-sdk/types', '@ips-sdk/validator', '@napi-rs/keyring', 'jq-wasm', 'soap'],
  joined: {
    // `ips --version` loads these alone.
    first: ['src/main.ts', 'src/version.ts'],
    files: {
      // What completion needs.
      commands: ['src/completion/complete.ts'],
      // What parses a command line, which is enough for help and for most errors.
      line: ['src/program.ts'],
      // What almost all commands need.
      service: ['src/context.ts', 'src/config/settings.ts', 'src/connect.ts'],
    },
  },
});
