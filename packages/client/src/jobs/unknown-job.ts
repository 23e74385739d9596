import { IpsFault } from '@ips-sdk/wire';

/** `IPS_API_FAULT_CODE_INVALID_PARAMETER`, which the service may return for an unknown job. */
const INVALID_PARAMETER = 30001;

/** Whether an error means that the job does not exist. */
export function isUnknownJob(error: unknown): boolean {
  // The lookup of the company for the call may fail with the same code.
  return (
    error instanceof IpsFault && error.code === INVALID_PARAMETER && error.operation !== 'getCompanyInfo'
  );
}

/** The rows of a list; empty if the service does not know the job. */
export async function unlessUnknown<T>(look: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await look;
  } catch (error) {
    if (isUnknownJob(error)) return [];
    throw error;
  }
}
