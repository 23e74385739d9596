<?php
// The workflow with the SoapClient of PHP: arguments are the WSDL and a JSON document with the rest.
$given = json_decode($argv[2]);
$client = new SoapClient($argv[1], ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS, 'trace' => true]);
$client->__setSoapHeaders(new SoapHeader('http://www.scene7.com/IpsApi/xsd/2014-04-03', 'authHeader', [
    'user' => $given->user, 'password' => $given->password, 'appName' => 'php', 'appVersion' => '1',
]));
$items = fn($array) => $array->items ?? [];

$company = $client->getCompanyInfo(['companyName' => 'Sample Company'])->companyInfo;
$handle = $company->companyHandle;
$client->createFolder(['companyHandle' => $handle, 'folderPath' => $given->folder]);
$upload = fn($name, $url) => $client->submitJob(['companyHandle' => $handle, 'jobName' => $name, 'uploadUrlsJob' => [
    'urlArray' => ['items' => [['sourceUrl' => $url, 'destPath' => $given->folder]]],
    'overwrite' => true, 'readyForPublish' => true, 'createMask' => false, 'emailSetting' => 'None',
]])->jobHandle;
$active = fn($job) => $items($client->getActiveJobs(['companyHandle' => $handle, 'jobHandle' => $job])->jobArray);
$gone = function ($job) use ($active) { while (count($active($job)) > 0) usleep(100000); };
$log = fn($job) => $items($client->getJobLogDetails(['companyHandle' => $handle, 'jobHandle' => $job])->jobLogArray)[0];

$job = $upload('Upload', $given->urls->image);
$gone($job);
$uploaded = $log($job);
$assets = $items($client->searchAssets(['companyHandle' => $handle, 'folder' => $given->folder, 'includeSubfolders' => true])->assetArray);
$job = $client->submitJob(['companyHandle' => $handle, 'jobName' => 'Publish', 'imageServingPublishJob' => ['publishType' => 'Full', 'emailSetting' => 'None']])->jobHandle;
$gone($job);
$image = file_get_contents($given->urls->delivery . '/' . $assets[0]->name . '?fmt=png&wid=5');
$status = explode(' ', $http_response_header[0])[1];
$job = $upload('Long', $given->urls->endless);
while (($active($job)[0]->state ?? '') !== 'Running') usleep(100000);
$client->stopJob(['companyHandle' => $handle, 'jobHandle' => $job]);
$gone($job);
$stopped = $log($job);
$client->deleteAsset(['companyHandle' => $handle, 'assetHandle' => $assets[0]->assetHandle]);
$fault = '';
try {
    $client->deleteJob(['companyHandle' => $handle, 'jobHandle' => 'j|6|Nothing|']);
} catch (SoapFault $error) {
    $fault = (string) $error->detail->ipsApiFault->code;
}
echo json_encode([
    'company' => $company->name,
    'success' => $uploaded->fileSuccessCount,
    'assets' => array_map(fn($asset) => $asset->name, $assets),
    'image' => $status . ' ' . substr($image, 1, 3),
    'stopped' => in_array('FileCancel', array_map(fn($row) => $row->logType, $items($stopped->detailArray))),
    'fatal' => $stopped->fatalError,
    'fault' => $fault,
]);
