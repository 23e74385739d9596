# Writes requests with zeep. Standard input holds JSON: [{"wsdl": path, "values": [...]}]; the answer is a list of lists of envelopes.
import base64
import decimal
import json
import sys

import zeep
from lxml import etree


def value_of(value):
    if isinstance(value, list):
        return [value_of(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$nil" in value:
        return zeep.xsd.Nil
    if "$decimal" in value:
        return decimal.Decimal(value["$decimal"])
    if "$base64" in value:
        return base64.b64decode(value["$base64"])
    return {key: value_of(item) for key, item in value.items()}


def request_of(client, value):
    try:
        message = client.create_message(client.service, "call", **value_of(value))
        return {"xml": etree.tostring(message, encoding="unicode")}
    except Exception as error:  # zeep's own limits; the test counts them
        return {"error": f"{type(error).__name__}: {error}"}


def requests_of(case):
    client = zeep.Client(case["wsdl"])
    return [request_of(client, value) for value in case["values"]]


print(json.dumps([requests_of(case) for case in json.load(sys.stdin)]))
