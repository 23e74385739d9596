// Every package with the compiler's defaults: declarations are checked (no skipLibCheck), and Node's types are not installed.
import {
  type ActiveJob,
  createIpsClient,
  type IpsClient,
  IpsFault,
  type JobEvent,
  type OperationName,
  type SubmitJobParam,
} from '@ips-sdk/client';
import { createMockClient, fault, type MockClient } from '@ips-sdk/client/mock';
import { createRecorder, readRecording } from '@ips-sdk/client/recorder';
import { readWsdl } from '@ips-sdk/codegen';
import { imageUrl, parseRequest } from '@ips-sdk/delivery';
import type { ActiveJob as ContractJob } from '@ips-sdk/types';
import { contract as older } from '@ips-sdk/types/2013-02-15';
import { assetTypes } from '@ips-sdk/types/constants';
import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import { jobDetails, parseJobHandle } from '@ips-sdk/types/jobs';
import { operationRoles } from '@ips-sdk/types/roles';
import { validate } from '@ips-sdk/validator';
import { codec, WireError } from '@ips-sdk/wire';
import { parseSchedule } from '@ips-sdk/wire/schedule';

const auth = { user: 'ann@example.com', password: 'secret' };
const ips: IpsClient = createIpsClient({ region: 'na', auth, company: 'MyCompany' });
const before = createIpsClient({ contract: older, region: 'na', auth });

/** The types of the contract are those of the client. */
export async function active(): Promise<ContractJob[]> {
  const { jobArray } = await ips.getActiveJobs();
  const jobs: ActiveJob[] = jobArray;
  const { jobLogArray } = await before.getJobLogs();
  return jobs.filter((job) => jobLogArray.every((log) => log.jobHandle !== job.jobHandle));
}

/** The client of soap is typed by the contract. */
export async function bySoap(): Promise<string> {
  const soap = await ips.soap;
  soap.on('request', (xml) => xml.length);
  soap.setSecurity({
    addHeaders: (headers) => void Object.assign(headers, { 'X-Route': 'blue' }),
    toXML: () => '',
  });
  const [{ jobArray }] = await soap.getActiveJobsAsync({ companyHandle: 'c|6' });
  soap.stopJob({ companyHandle: 'c|6', jobHandle: 'j|6|Nightly|' }, (error, _output, xml) => [
    error,
    xml.length,
  ]);
  return jobArray.map((job) => job.originalName).join();
}

export function describe(event: JobEvent, operation: OperationName, input: SubmitJobParam): string {
  return `${event.type} ${operation} ${input.jobName}`;
}

export const rest = [
  assetTypes,
  codec,
  contract,
  createRecorder,
  docs,
  IpsFault,
  imageUrl,
  jobDetails,
  operationRoles,
  parseJobHandle,
  parseRequest,
  parseSchedule,
  readRecording,
  readWsdl,
  validate,
  WireError,
];

/** A mock is a client, with the types of the contract. */
export async function mocked(): Promise<ContractJob[]> {
  const mock: MockClient = createMockClient({ operations: { getActiveJobs: { jobArray: [] } } });
  mock.on('stopJob').answers({}, fault(30001, 'Unknown job'));
  const client: IpsClient = mock;
  return (await client.getActiveJobs()).jobArray;
}
