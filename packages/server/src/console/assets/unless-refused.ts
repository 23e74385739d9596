import { IpsFault } from '@ips-sdk/client';
import { isRefusedLogin } from '../problem.js';

/** What a part of a page has, or an empty one where the service refuses it. */
export async function unlessRefused<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IpsFault && !isRefusedLogin(error)) return otherwise;
    throw error;
  }
}
