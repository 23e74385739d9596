import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { PermissionsAnswer, PermissionsQuery, PermittedGroup, PermittedRight } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Pill } from '../components/pill.tsx';
import { CodeText } from '../components/shell-block.tsx';
import { Loaded, LoadingRows } from '../components/states.tsx';
import { useSession } from '../session/session-context.tsx';
import { describeRole } from '../shell/company-box.tsx';
import './permissions.css';

/** Groups that are shown at first. */
const FEW = 8;

/** What each group may do with a folder or an asset, why, and the commands that change it. */
export function Permissions({ of }: { of: PermissionsQuery }): ReactNode {
  const query = useApi('permissions', of);
  return (
    <Loaded query={query} what="cannot read the permissions" loading={<LoadingRows rows={3} />}>
      {(answer) => (answer.isRefused ? <Refused /> : <Groups of={of} answer={answer} />)}
    </Loaded>
  );
}

function Refused(): ReactNode {
  const { role } = useSession().user;
  return (
    <p className="secondary">
      {role === undefined ? 'Your role' : `The role ${describeRole(role)}`} may not read groups, so
      permissions are not shown. Administrators of the company or the portal see them.
    </p>
  );
}

function Groups({ of, answer }: { of: PermissionsQuery; answer: PermissionsAnswer }): ReactNode {
  const { groups, source, hasGroups, shell } = answer;
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? groups : groups.slice(0, FEW);
  const givesWay = groups.some(({ rights }) =>
    rights.some(({ reason }) => reason === 'default' || reason === 'above'),
  );
  const code = shell.join('\n');
  return (
    <div className="permissions">
      <p>
        <Source isAsset={of.asset !== undefined} answer={answer} />
      </p>
      {groups.length > 0 && (
        <ul className="permitted-groups" aria-label="Groups">
          {shown.map((group) => (
            <Group key={group.groupHandle} group={group} />
          ))}
        </ul>
      )}
      {shown.length < groups.length && (
        <Button onClick={() => setIsWhole(true)}>Show all {groups.length} groups</Button>
      )}
      <p className="secondary">
        {groups.length > 0 && 'Groups that are not listed have no access. '}
        {givesWay && 'An entry that does not override gives way to the folders above. '}
        Permissions restrict only Image Portal users and contributors, no other role.
      </p>
      {!hasGroups && (
        <p className="secondary">
          The company has no groups: <code>ips call saveGroup --help</code> describes how to create one.
        </p>
      )}
      <div className="permission-commands">
        <span className="secondary">
          {shell.length === 1
            ? 'The same from a shell'
            : source === 'none'
              ? 'Set them from a shell'
              : 'Change them from a shell'}
        </span>
        <CopyButton text={code} what="the commands" />
        <CodeText text={code} />
      </div>
    </div>
  );
}

/** Where the permissions come from. */
function Source({
  isAsset,
  answer: { source, from = '', groups },
}: {
  isAsset: boolean;
  answer: PermissionsAnswer;
}): ReactNode {
  if (source === 'none')
    return 'No permissions are set here or in any folder above: portal users see nothing.';
  return (
    <>
      {source === 'folder' ? (
        <>
          Set on the folder{' '}
          <Link className="break" to="/assets" search={{ folder: from }}>
            {from}
          </Link>
          , which this {isAsset ? 'asset' : 'folder'} follows.
        </>
      ) : (
        `Set on this ${isAsset ? 'asset' : 'folder'}.`
      )}
      {groups.length === 0 && ' They have no entries: portal users see nothing.'}
    </>
  );
}

function Group({ group: { name, rights } }: { group: PermittedGroup }): ReactNode {
  return (
    <li>
      <b className="break">{name}</b>
      <dl>
        {rights.map((right) => (
          <div key={right.right}>
            <dt className="secondary">{right.right}</dt>
            <dd>
              <Pill tone={right.isAllowed ? 'ok' : right.reason === 'missing' ? 'wait' : 'bad'}>
                {right.isAllowed ? 'Allowed' : 'Denied'}
              </Pill>
              <span className="secondary break">{wordsOf(right)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function wordsOf({ reason, from = 'a folder above' }: PermittedRight): string {
  switch (reason) {
    case 'override':
      return 'overrides';
    case 'default':
      return 'does not override';
    case 'above':
      return `as in ${from}`;
    case 'missing':
      return 'no entry';
  }
}
