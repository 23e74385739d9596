# Reads recorded answers through a WSDL with zeep, in strict mode. Arguments: the WSDL, and a JSON file with [operation, file] pairs.
# Prints a JSON list with what was read, or the error.
import json
import sys

import requests
import zeep
from zeep.helpers import serialize_object

client = zeep.Client(sys.argv[1])
binding = client.service._binding
read = []
with open(sys.argv[2], encoding="utf-8") as pairs:
    for operation, file in json.load(pairs):
        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "text/xml; charset=utf-8"
        with open(file, "rb") as body:
            response._content = body.read()
        try:
            value = binding.process_reply(client, binding.get(operation), response)
            read.append({"operation": operation, "value": serialize_object(value)})
        except Exception as error:
            read.append({"operation": operation, "error": f"{type(error).__name__}: {error}"})
print(json.dumps(read, default=str))
