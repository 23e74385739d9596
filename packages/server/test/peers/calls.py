# Calls operations with zeep: arguments are the WSDL and a JSON document with the caller and the calls. A text `{0.jobHandle}` in an input
# is the field of an earlier answer. Prints the answers, in which arrays are under `items`.
import json
import re
import sys

import zeep
from zeep.helpers import serialize_object

given = json.loads(sys.argv[2])
client = zeep.Client(sys.argv[1])
service = client.bind('IpsApiService', 'IpsApiSoap12Port' if given.get('soap12') else 'IpsApiSoapPort')
NAMESPACE = '{http://www.scene7.com/IpsApi/xsd/2014-04-03}'
header = client.get_element(NAMESPACE + 'authHeader')(
    user=given['user'], password=given['password'], appName='zeep', appVersion='1')
answers = []


def filled(value):
    if isinstance(value, dict):
        return {name: filled(part) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part) for part in value]
    match = re.fullmatch(r'\{(\d+)\.(\w+)\}', value) if isinstance(value, str) else None
    return answers[int(match[1])][match[2]] if match else value


def without_nothing(value):
    if isinstance(value, dict):
        return {name: without_nothing(part) for name, part in value.items() if part is not None}
    return [without_nothing(part) for part in value] if isinstance(value, list) else value


def answer_of(operation, value):
    """An answer with one field comes without its wrapper, and a list without its own."""
    fields = [name for name, _ in client.get_element(f'{NAMESPACE}{operation}Return').type.elements]
    value = without_nothing(serialize_object(value, dict))
    if len(fields) != 1 or (isinstance(value, dict) and fields[0] in value):
        return value or {}
    return {fields[0]: {'items': value} if isinstance(value, list) else value}


for operation, fields in given['calls']:
    answers.append(answer_of(operation, service[operation](_soapheaders=[header], **filled(fields))))
print(json.dumps(answers))
