// The workflow that foreign clients run, for the two clients of npm. `call(operation, input)` is what differs.
export async function workflow(call, { urls, folder }) {
  // One of a list comes alone.
  const list = (array) => (array?.items === undefined ? [] : [array.items].flat());
  const { companyInfo } = await call('getCompanyInfo', { companyName: 'Sample Company' });
  const companyHandle = companyInfo.companyHandle;
  await call('createFolder', { companyHandle, folderPath: folder });
  const upload = (jobName, sources) =>
    call('submitJob', {
      companyHandle,
      jobName,
      uploadUrlsJob: {
        urlArray: { items: sources.map((sourceUrl) => ({ sourceUrl, destPath: folder })) },
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
      },
    });
  const activeJobs = async (jobHandle) =>
    list((await call('getActiveJobs', { companyHandle, jobHandle })).jobArray);
  const gone = async (jobHandle) => {
    while ((await activeJobs(jobHandle)).length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const logOf = async (jobHandle) =>
    list((await call('getJobLogDetails', { companyHandle, jobHandle })).jobLogArray)[0];

  const uploaded = await upload('Upload', [urls.image]);
  await gone(uploaded.jobHandle);
  const uploadLog = await logOf(uploaded.jobHandle);
  const search = await call('searchAssets', { companyHandle, folder, includeSubfolders: true });
  const assets = list(search.assetArray);
  const published = await call('submitJob', {
    companyHandle,
    jobName: 'Publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  await gone(published.jobHandle);
  const image = await fetch(`${urls.delivery}/${assets[0].name}?fmt=png&wid=5`);
  const content = new Uint8Array(await image.arrayBuffer());
  const long = await upload('Long', [urls.endless]);
  while ((await activeJobs(long.jobHandle)).every(({ state }) => state !== 'Running'))
    await new Promise((resolve) => setTimeout(resolve, 100));
  await call('stopJob', { companyHandle, jobHandle: long.jobHandle });
  await gone(long.jobHandle);
  const stopLog = await logOf(long.jobHandle);
  await call('deleteAsset', { companyHandle, assetHandle: assets[0].assetHandle });
  let fault = '';
  try {
    await call('deleteJob', { companyHandle, jobHandle: 'j|6|Nothing|' });
  } catch (error) {
    fault =
      /<(?:\w+:)?code>(\d+)</.exec(String(error.response?.data ?? error.body ?? error.message))?.[1] ?? '';
  }
  return {
    company: companyInfo.name,
    success: Number(uploadLog.fileSuccessCount),
    assets: assets.map(({ name }) => name),
    image: `${image.status} ${String.fromCharCode(...content.slice(1, 4))}`,
    stopped: list(stopLog.detailArray).some(({ logType }) => logType === 'FileCancel'),
    fatal: String(stopLog.fatalError) === 'true',
    fault,
  };
}
