<?php
// Makes calls with the SoapClient of PHP. Arguments: a WSDL, and a JSON document with the endpoint, the user, the password, the namespace
// and the calls as [operation, input]. `$3.name` in an input is a field of the fourth answer, `base64:` begins bytes. Prints the answers as a
// JSON list, in which bytes that are no text begin so, too.
$given = json_decode($argv[2], true);
$client = new SoapClient($argv[1], [
    'cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS, 'location' => $given['endpoint'],
]);
$client->__setSoapHeaders(new SoapHeader($given['namespace'], 'authHeader', [
    'user' => $given['user'], 'password' => $given['password'], 'appName' => 'php', 'appVersion' => '1',
]));
$plain = function ($value) use (&$plain) {
    if (is_object($value)) return (object) array_map($plain, (array) $value);
    if (is_array($value)) return array_map($plain, $value);
    return is_string($value) && !preg_match('//u', $value) ? 'base64:' . base64_encode($value) : $value;
};
$answers = [];
foreach ($given['calls'] as [$operation, $input]) {
    array_walk_recursive($input, function (&$value) use (&$answers) {
        if (is_string($value) && preg_match('/^\$(\d+)\.(\w+)$/', $value, $found)) $value = $answers[$found[1]]->{$found[2]};
        elseif (is_string($value) && str_starts_with($value, 'base64:')) $value = base64_decode(substr($value, 7));
    });
    try {
        $answers[] = $plain($client->$operation($input)) ?? new stdClass();
    } catch (SoapFault $error) {
        $answers[] = ['fault' => $error->getMessage() . ' ' . json_encode($error->detail ?? null)];
    }
}
echo json_encode($answers, JSON_THROW_ON_ERROR);
