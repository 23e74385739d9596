import type { IpsClient } from '@ips-sdk/client';
import type { FolderActionRequest, FolderActionResult, FolderNode, FoldersAnswer } from '../api.js';
import { ConsoleError, failedOutcome, isRefusedLogin } from '../problem.js';
import type { Session } from '../session.js';

/** The folders in a folder. */
export async function foldersIn(session: Session, path: string | undefined): Promise<FoldersAnswer> {
  const folderPath = path ?? session.company.rootPath;
  const { folders } = await session.client.getFolderTree({ folderPath, depth: 1 });
  const nodes = (folders?.subfolderArray ?? []).map(
    ({ folderHandle = '', path: each = '', hasSubfolders, lastModified }): FolderNode => ({
      folderHandle,
      path: each,
      name: nameOf(each),
      hasSubfolders: hasSubfolders !== false,
      lastModified,
    }),
  );
  nodes.sort((one, other) => one.name.localeCompare(other.name));
  return { path: folders?.path ?? folderPath, folders: nodes };
}

/** The last part of a path: `Shoes` of `MyCompany/Shoes/`. */
function nameOf(path: string): string {
  return path.replace(/\/$/, '').split('/').at(-1) ?? path;
}

/** Changes one folder. */
export async function actOnFolder({ client }: Session, body: unknown): Promise<FolderActionResult> {
  const request = checked(body);
  const handle = request.action === 'create' ? request.path : request.folderHandle;
  try {
    const newHandle = await change(client, request);
    return {
      outcome: {
        handle,
        ok: true,
        message: DONE[request.action],
        ...(newHandle === undefined ? {} : { newHandle }),
      },
    };
  } catch (error) {
    if (isRefusedLogin(error)) throw error;
    return { outcome: failedOutcome(handle, undefined, error) };
  }
}

const DONE = { create: 'created', rename: 'renamed', move: 'moved', delete: 'deleted' } as const;

async function change(client: IpsClient, request: FolderActionRequest): Promise<string | undefined> {
  switch (request.action) {
    case 'create':
      return (await client.createFolder({ folderPath: request.path })).folderHandle;
    case 'rename':
      return (await client.renameFolder({ folderHandle: request.folderHandle, folderName: request.name }))
        .folderHandle;
    case 'move': {
      const { folderHandle, destFolderHandle } = request;
      return (await client.moveFolder({ folderHandle, destFolderHandle })).folderHandle;
    }
    case 'delete':
      await client.deleteFolder({ folderHandle: request.folderHandle });
      return undefined;
  }
}

const FIELDS = {
  create: ['path'],
  rename: ['folderHandle', 'name'],
  move: ['folderHandle', 'destFolderHandle'],
  delete: ['folderHandle'],
} as const;

function checked(body: unknown): FolderActionRequest {
  const given = body as Readonly<Record<string, unknown>>;
  const { action } = given;
  if (typeof action !== 'string' || !Object.hasOwn(FIELDS, action))
    throw new ConsoleError(
      'input',
      `action: found "${String(action)}", expected ${Object.keys(FIELDS).join(', ')}`,
    );
  for (const name of FIELDS[action as keyof typeof FIELDS])
    if (typeof given[name] !== 'string' || given[name] === '')
      throw new ConsoleError('input', `${name}: expected a text`);
  // Every field of the action was checked.
  return given as unknown as FolderActionRequest;
}
