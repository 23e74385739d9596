import { type JobSummary, summaryOf } from '@example/contracts';
import { type IpsClient, IpsFault } from '@ips-sdk/client';
import { isActiveJob } from '@ips-sdk/validator';
import express, { type Express } from 'express';

/** An API in front of the service that shows no more of it than it must. */
export function createApi(ips: IpsClient): Express {
  const app = express();
  app.get('/jobs', async (_request, response) => {
    try {
      const { jobArray } = await ips.getActiveJobs({});
      const summaries: JobSummary[] = jobArray.filter(isActiveJob).map(summaryOf);
      response.json(summaries);
    } catch (error) {
      const status = error instanceof IpsFault && error.kind === 'authentication' ? 401 : 502;
      response.status(status).json({ error: error instanceof Error ? error.message : 'unknown' });
    }
  });
  return app;
}
