import { IpsFault } from '@ips-sdk/wire';

/** `IPS_API_FAULT_CODE_INVALID_PARAMETER`: what the service may answer to a name or handle that it does not know, or does not know yet. */
const INVALID_PARAMETER = 30001;

/** Whether an error means that the job does not exist. */
export function isUnknownJob(error: unknown): boolean {
  // A company that is looked up for the call may be what the service does not know.
  return (
    error instanceof IpsFault && error.code === INVALID_PARAMETER && error.operation !== 'getCompanyInfo'
  );
}

/** The rows of a list; none where the service answers that it does not know the job. */
export async function unlessUnknown<T>(look: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await look;
  } catch (error) {
    if (isUnknownJob(error)) return [];
    throw error;
  }
}
