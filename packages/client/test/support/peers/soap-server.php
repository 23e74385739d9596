<?php
// A SOAP service made by PHP's own extension from our WSDL, run by `php -S`. It answers every operation with the value that
// stands in answer.json, and writes down in received.json what it understood of the request.

$folder = getenv('PEER_FOLDER');
ini_set('precision', '17');
ini_set('serialize_precision', '-1');
ini_set('soap.wsdl_cache_dir', $folder);

/** The only fields that hold bytes: JSON takes them as base64, PHP as a string of bytes. */
function eachBytes($value, callable $change)
{
    if (is_array($value)) {
        return array_map(fn($entry) => eachBytes($entry, $change), $value);
    }
    if (is_object($value)) {
        foreach (get_object_vars($value) as $name => $entry) {
            $value->$name = $name === 'compressedPacket' ? $change($entry) : eachBytes($entry, $change);
        }
    }
    return $value;
}

final class Service
{
    private $header = null;

    public function __construct(private string $folder)
    {
    }

    public function authHeader($header): void
    {
        $this->header = $header;
    }

    public function __call(string $operation, array $arguments)
    {
        $received = [
            'operation' => $operation,
            'input' => eachBytes($arguments[0] ?? new stdClass(), 'base64_encode'),
            'header' => $this->header,
            'action' => $_SERVER['HTTP_SOAPACTION'] ?? null,
        ];
        file_put_contents("$this->folder/received.json", json_encode($received, JSON_THROW_ON_ERROR));
        $answer = json_decode(file_get_contents("$this->folder/answer.json"), false, 512, JSON_THROW_ON_ERROR);
        if (isset($answer->fault)) {
            $name = $answer->fault->name;
            throw new SoapFault('Client', $answer->fault->string, null, (object) [$name => $answer->fault->detail], $name);
        }
        return eachBytes($answer->output, 'base64_decode');
    }
}

$server = new SoapServer(getenv('PEER_WSDL'), [
    'cache_wsdl' => WSDL_CACHE_DISK,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
$server->setObject(new Service($folder));
$server->handle();
