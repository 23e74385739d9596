<?php
// Reads recorded answers through a WSDL with PHP's SoapClient. Arguments: the WSDL, and a JSON file with [operation, file] pairs.
// Prints a JSON list with what was read, or the error.
class Replay extends SoapClient {
  public string $answer = '';
  public function __doRequest($request, $location, $action, $version, $oneWay = false): ?string {
    return $this->answer;
  }
}
$client = new Replay($argv[1], ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$read = [];
foreach (json_decode(file_get_contents($argv[2])) as [$operation, $file]) {
  $client->answer = file_get_contents($file);
  try {
    // What is sent does not matter here, so it is not made from the WSDL.
    $value = $client->__soapCall($operation, [new SoapVar('<x/>', XSD_ANYXML)]);
    $read[] = ['operation' => $operation, 'value' => $value];
  } catch (SoapFault $fault) {
    $read[] = ['operation' => $operation, 'error' => $fault->getMessage()];
  }
}
// Bytes that came as base64 are bytes here.
echo json_encode($read, JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
