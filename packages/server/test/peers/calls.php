<?php
// Calls operations with the SoapClient of PHP: arguments are the WSDL and a JSON document with the caller and the calls. A text
// `{0.jobHandle}` in an input is the field of an earlier answer. Prints the answers, in which arrays are under `items`.
$given = json_decode($argv[2], true);
$client = new SoapClient($argv[1], ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$client->__setSoapHeaders(new SoapHeader('http://www.scene7.com/IpsApi/xsd/2014-04-03', 'authHeader', [
    'user' => $given['user'], 'password' => $given['password'], 'appName' => 'php', 'appVersion' => '1',
]));
$answers = [];
foreach ($given['calls'] as [$operation, $input]) {
    array_walk_recursive($input, function (&$value) use ($answers) {
        if (is_string($value) && preg_match('/^\{(\d+)\.(\w+)\}$/', $value, $match)) $value = $answers[$match[1]]->{$match[2]};
    });
    $answers[] = $client->__soapCall($operation, [$input]) ?? new stdClass();
}
echo json_encode($answers);
