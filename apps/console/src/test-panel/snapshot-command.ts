import { useSession } from '../session/session-context.tsx';

/** The command that shows all that the server keeps, mails and notifications among it. */
export function useSnapshotCommand(): string {
  const { endpoint } = useSession().info.service;
  return `curl ${URL.parse('/admin/snapshot', endpoint)?.href ?? '/admin/snapshot'}`;
}
