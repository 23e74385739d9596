# Makes calls with zeep, in strict mode. Arguments: a WSDL, and a JSON document with the endpoint, the user, the password, the namespace and
# the calls as [operation, input]. `$3.name` in an input is a field of the fourth answer, `base64:` begins bytes. Prints the answers as a JSON
# list, in which bytes that are no text begin so, too.
import base64
import json
import re
import sys

import zeep
from zeep.helpers import serialize_object

given = json.loads(sys.argv[2])
client = zeep.Client(sys.argv[1])
binding = next(name for name in client.wsdl.bindings if ('Soap12' in name) == given.get('soap12', False))
service = client.create_service(binding, given['endpoint'])
header = client.get_element('{%s}authHeader' % given['namespace'])(
    user=given['user'], password=given['password'], appName='zeep', appVersion='1')
answers = []


def filled(value):
    if isinstance(value, dict):
        return {name: filled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each) for each in value]
    if isinstance(value, str) and value.startswith('base64:'):
        return base64.b64decode(value[7:])
    found = re.fullmatch(r'\$(\d+)\.(\w+)', value) if isinstance(value, str) else None
    return answers[int(found[1])][found[2]] if found else value


def plain(value):
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return 'base64:' + base64.b64encode(value).decode()


def without_nothing(value):
    if isinstance(value, dict):
        return {name: without_nothing(each) for name, each in value.items() if each is not None}
    return [without_nothing(each) for each in value] if isinstance(value, list) else value


for operation, given_input in given['calls']:
    try:
        answer = without_nothing(
            serialize_object(service[operation](_soapheaders=[header], **filled(given_input)), dict))
        # An answer with one field comes without its wrapper.
        output = client.wsdl.bindings[binding].get(operation).output.body.type.elements
        if len(output) == 1 and not (isinstance(answer, dict) and output[0][0] in answer):
            answer = {output[0][0]: {'items': answer} if isinstance(answer, list) else answer}
        answers.append(answer or {})
    except zeep.exceptions.Fault as error:
        answers.append({'fault': ' '.join(node.text or '' for node in error.detail.iter())})
print(json.dumps(answers, default=plain))
