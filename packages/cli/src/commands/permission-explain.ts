import type { ExplainedRight, IpsClient, PermissionExplanation } from '@ips-sdk/client';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { Column } from '../output/columns.js';
import { noAsset } from './permission-show.js';
import { findTarget, type Target } from './permission-target.js';

interface Row {
  readonly right: string;
  readonly allowed: boolean;
  readonly reason: string;
  readonly group: string | undefined;
  readonly groupHandle: string | undefined;
  readonly place: string | undefined;
  readonly why: string;
  /** What the permissions say about each group of the user. */
  readonly groups: readonly object[];
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'RIGHT', value: ({ right }) => right },
  { title: 'ALLOWED', value: ({ allowed }) => (allowed ? 'yes' : 'no') },
  { title: 'GROUP', value: ({ group }) => group, shrinks: true },
  { title: 'WHY', value: ({ why }) => why, shrinks: true },
];

/** The fields of the output. */
export const fields = ['right', 'allowed', 'reason', 'group', 'groupHandle', 'place', 'why', 'groups'];

/** `ips permission explain` */
export async function run(context: Context, _: object, user: string, reference?: string): Promise<undefined> {
  const target = reference === undefined ? undefined : await findTarget(context, reference);
  const explanation = await explain(context, user, target);
  const { role, groups } = explanation;
  if (role !== undefined) {
    const names = groups.map(({ name }) => name).join(', ');
    const member = names === '' ? '' : `, in the ${groups.length === 1 ? 'group' : 'groups'} ${names}`;
    context.note(`${explanation.user} has the role ${role}${member}`);
  }
  const rows = explanation.rights.map((right) => rowOf(right, explanation));
  await context.print.rows(rows, COLUMNS, fields);
  return undefined;
}

async function explain(
  context: Context,
  user: string,
  target: Target | undefined,
): Promise<PermissionExplanation> {
  const client = await context.client();
  const object = target?.kind === 'asset' ? { asset: target.handle } : { folder: target?.path };
  try {
    return await client.permissions.explain({ user, ...object }, { signal: context.signal });
  } catch (error) {
    if (error instanceof RangeError && target !== undefined) throw noAsset(target.handle);
    const { name, code } = error as { readonly name?: string; readonly code?: unknown };
    // The service does not know the address or the handle.
    if (name === 'IpsFault' && (code === 20001 || code === 20002)) throw await noUser(context, client, user);
    throw error;
  }
}

async function noUser(context: Context, client: IpsClient, user: string): Promise<CliError> {
  const asked = { includeInvalid: true, includeInactive: true };
  const { memberArray } = await client.getCompanyMembers(asked, { signal: context.signal });
  const meant = nearest(
    user,
    memberArray.map((member) => member.user.email),
  );
  return new CliError(
    EXIT.service,
    `no such user: ${JSON.stringify(user)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    'ips call getCompanyMembers lists the users of the company',
  );
}

function rowOf(explained: ExplainedRight, { role, user }: PermissionExplanation): Row {
  const { right, isAllowed, reason, decision, groups } = explained;
  const place = decision?.place;
  const words: Readonly<Record<ExplainedRight['reason'], string>> = {
    unrestricted: `${role ?? ''} is not restricted by permissions`,
    shared: 'everyone may read the shared company',
    'no-member': `${user} has no active membership in the company`,
    'no-group': `${user} is in no group of the company`,
    allowed: `allowed in ${place ?? ''}`,
    denied: `denied in ${place ?? ''}`,
    'no-entry': `the permissions of ${place ?? ''} do not mention it`,
    'no-set': 'no folder has permissions',
  };
  return {
    right,
    allowed: isAllowed,
    reason,
    group: decision?.groupName ?? decision?.groupHandle,
    groupHandle: decision?.groupHandle,
    place,
    why: words[reason],
    groups: groups.map(({ groupName, groupHandle, result, place: at }) => ({
      group: groupName ?? groupHandle,
      groupHandle,
      result,
      place: at,
    })),
  };
}
