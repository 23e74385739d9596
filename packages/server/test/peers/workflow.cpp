// The workflow with gSOAP: arguments are endpoint, user, password, folder, and the URLs of the image, of one that never ends and
// of delivery. Compiled with what wsdl2h and soapcpp2 make of the WSDL.
#include <chrono>
#include <functional>
#include <iostream>
#include <thread>
#include "soapIpsApiServiceSoapBindingProxy.h"
#include "IpsApiServiceSoapBinding.nsmap"

static char **given;
static IpsApiServiceSoapBindingProxy *proxy;

static IpsApiServiceSoapBindingProxy &client() {
  struct soap *soap = proxy->soap;
  soap_header(soap);
  soap->header = soap_new_SOAP_ENV__Header(soap);
  _ns3__authHeader *header = soap_new__ns3__authHeader(soap);
  header->user = soap_new_std__string(soap);
  *header->user = given[2];
  header->password = soap_new_std__string(soap);
  *header->password = given[3];
  header->appName = "gsoap";
  header->appVersion = "1";
  soap->header->ns3__authHeader = header;
  return *proxy;
}

static void check(int error) {
  if (error == SOAP_OK) return;
  soap_print_fault(proxy->soap, stderr);
  exit(1);
}

static std::string submit(_ns3__submitJobParam &job) {
  _ns3__submitJobReturn answer;
  check(client().submitJob(&job, answer));
  return answer.jobHandle;
}

static std::string upload(std::string company, std::string name, std::string url) {
  ns3__UploadUrl source;
  source.sourceUrl = url;
  source.destPath = given[4];
  ns3__UploadUrlArray urls;
  urls.items.push_back(&source);
  ns3__UploadUrlsJob details;
  details.urlArray = &urls;
  details.overwrite = true;
  details.readyForPublish = true;
  details.createMask = false;
  details.emailSetting = "None";
  _ns3__submitJobParam job;
  job.companyHandle = company;
  job.jobName = name;
  job.uploadUrlsJob = &details;
  return submit(job);
}

static std::string state(std::string company, std::string job) {
  _ns3__getActiveJobsParam input;
  input.companyHandle = &company;
  input.jobHandle = &job;
  _ns3__getActiveJobsReturn answer;
  check(client().getActiveJobs(&input, answer));
  if (answer.jobArray == nullptr || answer.jobArray->items.empty()) return "gone";
  return answer.jobArray->items[0]->state;
}

static void wait(std::string company, std::string job, std::string wanted) {
  while (state(company, job) != wanted) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

static ns3__JobLog *logOf(std::string company, std::string job) {
  _ns3__getJobLogDetailsParam input;
  input.companyHandle = company;
  input.jobHandle = &job;
  _ns3__getJobLogDetailsReturn *answer = soap_new__ns3__getJobLogDetailsReturn(proxy->soap);
  check(client().getJobLogDetails(&input, *answer));
  return answer->jobLogArray->items.at(0);
}

int main(int count, char **arguments) {
  if (count < 8) return 2;
  given = arguments;
  proxy = new IpsApiServiceSoapBindingProxy(given[1]);
  std::string name = "Sample Company", folder = given[4];
  _ns3__getCompanyInfoParam companyInput;
  companyInput.companyName = &name;
  _ns3__getCompanyInfoReturn companyAnswer;
  check(client().getCompanyInfo(&companyInput, companyAnswer));
  std::string company = companyAnswer.companyInfo->companyHandle;

  _ns3__createFolderParam folderInput;
  folderInput.companyHandle = company;
  folderInput.folderPath = folder;
  _ns3__createFolderReturn folderAnswer;
  check(client().createFolder(&folderInput, folderAnswer));

  std::string job = upload(company, "Upload", given[5]);
  wait(company, job, "gone");
  int success = logOf(company, job)->fileSuccessCount;

  _ns3__searchAssetsParam search;
  search.companyHandle = company;
  search.folder = &folder;
  search.includeSubfolders = true;
  _ns3__searchAssetsReturn found;
  check(client().searchAssets(&search, found));
  std::string asset = *found.assetArray->items.at(0)->assetHandle, assetName = *found.assetArray->items.at(0)->name;

  ns3__ImageServingPublishJob publish;
  publish.publishType = "Full";
  publish.emailSetting = "None";
  _ns3__submitJobParam publishJob;
  publishJob.companyHandle = company;
  publishJob.jobName = "Publish";
  publishJob.imageServingPublishJob = &publish;
  wait(company, submit(publishJob), "gone");

  struct soap *web = soap_new();
  std::string url = std::string(given[7]) + "/" + assetName + "?fmt=png&wid=5";
  size_t length = 0;
  char *image = nullptr;
  if (soap_GET(web, url.c_str(), nullptr) == SOAP_OK && soap_begin_recv(web) == SOAP_OK)
    image = soap_http_get_body(web, &length);
  std::string kind = image != nullptr && length > 4 ? std::string(image + 1, 3) : "nothing";

  job = upload(company, "Long", given[6]);
  wait(company, job, "Running");
  _ns3__stopJobParam stop;
  stop.companyHandle = company;
  stop.jobHandle = job;
  _ns3__stopJobReturn stopped;
  check(client().stopJob(&stop, stopped));
  wait(company, job, "gone");
  ns3__JobLog *log = logOf(company, job);
  bool cancelled = false;
  for (ns3__JobLogDetail *row : log->detailArray->items) cancelled = cancelled || row->logType == "FileCancel";

  _ns3__deleteAssetParam remove;
  remove.companyHandle = company;
  remove.assetHandle = asset;
  _ns3__deleteAssetReturn removed;
  check(client().deleteAsset(&remove, removed));

  _ns3__deleteJobParam nothing;
  nothing.companyHandle = company;
  nothing.jobHandle = "j|6|Nothing|";
  _ns3__deleteJobReturn never;
  int fault = 0;
  if (client().deleteJob(&nothing, never) != SOAP_OK && proxy->soap->fault != nullptr) {
    SOAP_ENV__Fault *answered = proxy->soap->fault;
    // SOAP 1.2 has it in a place of its own.
    SOAP_ENV__Detail *detail = answered->detail != nullptr ? answered->detail : answered->SOAP_ENV__Detail;
    if (detail != nullptr && detail->ns2__ipsApiFault != nullptr) fault = detail->ns2__ipsApiFault->code;
  }
  std::cout << "{\"company\":\"" << name << "\",\"success\":" << success << ",\"assets\":[\"" << assetName
            << "\"],\"image\":\"200 " << kind << "\",\"stopped\":" << (cancelled ? "true" : "false")
            << ",\"fatal\":" << (log->fatalError ? "true" : "false") << ",\"fault\":\"" << fault << "\"}" << std::endl;
  return 0;
}
