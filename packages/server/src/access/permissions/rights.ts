import { permissionTypes } from '@ips-sdk/types/constants';

/** A permission on a folder, an asset or a property set. Each is independent: to write does not include to read. */
export type Right = (typeof permissionTypes)[number];

export const READ: readonly Right[] = ['Read'];
export const WRITE: readonly Right[] = ['Write'];
export const READ_WRITE: readonly Right[] = ['Read', 'Write'];
export const READ_DELETE: readonly Right[] = ['Read', 'Delete'];

export const isRight = (type: string | null): type is Right =>
  (permissionTypes as readonly (string | null)[]).includes(type);
