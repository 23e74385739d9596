// The program under test: it stops the jobs of a user.
import type { IpsClient } from '@ips-sdk/client';

export async function stopJobsOf(ips: IpsClient, email: string): Promise<string[]> {
  const { jobArray } = await ips.getActiveJobs();
  const names: string[] = [];
  for (const { jobHandle, name, submitUserEmail } of jobArray) {
    if (submitUserEmail !== email) continue;
    await ips.stopJob({ jobHandle });
    names.push(name);
  }
  return names;
}
