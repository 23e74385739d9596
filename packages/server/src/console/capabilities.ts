import type { OperationName } from '@ips-sdk/types';
import { operationRoles } from '@ips-sdk/types/roles';
import { rolesAllowed } from '../access/operation-roles.js';
import type { Capabilities } from './api.js';
import type { ConsoleOptions } from './console-options.js';
import type { Session } from './session.js';

/** Whether the role of a session may call an operation: by the rules of the own server, or as the service documents them. */
export function mayCall(session: Session, operation: OperationName, isOwn: boolean): boolean {
  const roles = isOwn ? rolesAllowed(operation) : operationRoles[operation];
  const { role } = session;
  // Without a role or a list, only the service knows.
  return roles === undefined || role === undefined || roles.some((one) => one === role);
}

/** Why the console changes nothing; `undefined` if changes are allowed. */
export function readOnlyReason(options: ConsoleOptions, session: Session | undefined): string | undefined {
  if (options.readOnly)
    return options.own === undefined
      ? 'this console was started with --read-only'
      : 'this server was started with --console-read-only';
  if (session?.place.readOnly) return `the profile ${session.place.name} is read-only`;
  return undefined;
}

/** What a session can do. */
export function capabilitiesOf(options: ConsoleOptions, session: Session): Capabilities {
  const isOwn = options.own !== undefined;
  const changes = readOnlyReason(options, session) === undefined;
  const may = (operation: OperationName): boolean => changes && mayCall(session, operation, isOwn);
  return {
    submitJobs: may('submitJob'),
    controlJobs: may('stopJob'),
    uploadAssets: may('uploadPost'),
    changeAssets: may('moveAssets'),
    deleteAssets: may('deleteAssets'),
    publish: may('submitJob') && may('setAssetsPublishState'),
    seeUsers: mayCall(session, 'getUsers', isOwn),
    testPanel: options.own?.admin !== undefined && session.identity.isIpsAdmin,
    smartCrops: true,
  };
}
