// The program under test: it schedules a publish for every night.
export async function publishNightly(ips, hour) {
  const job = await ips.jobs.submit(
    'imageServingPublishJob',
    { publishType: 'Incremental', emailSetting: 'None' },
    { name: 'Nightly publish', execSchedule: `0 0 ${hour} * * ?` },
  );
  return (await job.schedule())?.nextFireTime;
}
