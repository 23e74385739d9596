import { IpsFault } from '@ips-sdk/wire';

/** `IPS_API_FAULT_CODE_INVALID_PARAMETER`: what a service may answer to a name or handle that it does not know, or not yet. */
const INVALID_PARAMETER = 30001;

/** Whether a failed look for a job means that there is none. */
export function isUnknownJob(error: unknown): boolean {
  return error instanceof IpsFault && error.code === INVALID_PARAMETER;
}

/** What a look at a list answers; nothing where the service says that it does not know the job. */
export async function unlessUnknown<T>(look: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await look;
  } catch (error) {
    if (isUnknownJob(error)) return [];
    throw error;
  }
}
