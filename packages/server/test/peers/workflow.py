# The workflow with zeep: arguments are the WSDL and a JSON document with the rest.
import json
import sys
import time
import urllib.request

import zeep

given = json.loads(sys.argv[2])
client = zeep.Client(sys.argv[1])
service = client.bind('IpsApiService', 'IpsApiSoap12Port' if given.get('soap12') else 'IpsApiSoapPort')
header = client.get_element('{http://www.scene7.com/IpsApi/xsd/2014-04-03}authHeader')(
    user=given['user'], password=given['password'], appName='zeep', appVersion='1')


def call(operation, **fields):
    return service[operation](_soapheaders=[header], **fields)


def only(value, name):
    """An answer with one field comes without its wrapper."""
    return getattr(value, name, value) if value is not None else None


def items(value, name):
    array = only(value, name)
    return list(getattr(array, 'items', array) or []) if array is not None else []


company = only(call('getCompanyInfo', companyName='Sample Company'), 'companyInfo')
handle = company.companyHandle
folder = given['folder']
call('createFolder', companyHandle=handle, folderPath=folder)


def upload(name, url):
    return only(call('submitJob', companyHandle=handle, jobName=name, uploadUrlsJob={
        'urlArray': {'items': [{'sourceUrl': url, 'destPath': folder}]},
        'overwrite': True, 'readyForPublish': True, 'createMask': False, 'emailSetting': 'None'}), 'jobHandle')


def active(job):
    return items(call('getActiveJobs', companyHandle=handle, jobHandle=job), 'jobArray')


def gone(job):
    while active(job):
        time.sleep(0.1)


def log(job):
    return items(call('getJobLogDetails', companyHandle=handle, jobHandle=job), 'jobLogArray')[0]


job = upload('Upload', given['urls']['image'])
gone(job)
uploaded = log(job)
assets = items(call('searchAssets', companyHandle=handle, folder=folder, includeSubfolders=True), 'assetArray')
job = only(call('submitJob', companyHandle=handle, jobName='Publish', imageServingPublishJob={
    'publishType': 'Full', 'emailSetting': 'None'}), 'jobHandle')
gone(job)
answer = urllib.request.urlopen(f"{given['urls']['delivery']}/{assets[0].name}?fmt=png&wid=5")
image = answer.read()
job = upload('Long', given['urls']['endless'])
while not any(each.state == 'Running' for each in active(job)):
    time.sleep(0.1)
call('stopJob', companyHandle=handle, jobHandle=job)
gone(job)
stopped = log(job)
call('deleteAsset', companyHandle=handle, assetHandle=assets[0].assetHandle)
fault = ''
try:
    call('deleteJob', companyHandle=handle, jobHandle='j|6|Nothing|')
except zeep.exceptions.Fault as error:
    fault = ''.join(node.text for node in error.detail.iter() if node.tag.endswith('}code') or node.tag == 'code')
print(json.dumps({
    'company': company.name,
    'success': uploaded.fileSuccessCount,
    'assets': [asset.name for asset in assets],
    'image': f'{answer.status} {image[1:4].decode()}',
    'stopped': any(row.logType == 'FileCancel' for row in stopped.detailArray['items']),
    'fatal': stopped.fatalError,
    'fault': fault,
}))
