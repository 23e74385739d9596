import type { Command } from './command.js';
import type { CommandName } from './command-values.js';
import { encodingCommands } from './commands/encoding.js';
import { geometryCommands } from './commands/geometry.js';
import { layerCommands } from './commands/layers.js';
import { operationCommands } from './commands/operations.js';
import { requestCommands } from './commands/request.js';
import { textCommands } from './commands/texts.js';
import { viewCommands } from './commands/view.js';

/**
 * The commands of image serving by name: what they take, when they take effect, and whether this project's server carries them out.
 *
 * @example
 * ```ts
 * import { commands } from '@ips-sdk/delivery';
 *
 * console.log(commands.fit.default); // fit,0
 * console.log(commands.rotate.support); // full
 * ```
 */
export const commands: Readonly<Record<CommandName, Command>> = {
  ...viewCommands,
  ...requestCommands,
  ...encodingCommands,
  ...layerCommands,
  ...geometryCommands,
  ...operationCommands,
  ...textCommands,
};

const byName: ReadonlyMap<string, CommandName> = new Map(
  // The keys of the table are the names.
  (Object.keys(commands) as CommandName[]).flatMap((name) => [
    [name.toLowerCase(), name] as const,
    ...(commands[name].also ?? []).map((other) => [other.toLowerCase(), name] as const),
  ]),
);

/** The command of a name as a request writes it, in any case; `undefined` for anything else. */
export function findCommand(name: string): CommandName | undefined {
  return byName.get(name.toLowerCase());
}
