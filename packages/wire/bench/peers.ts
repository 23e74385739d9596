// Other SOAP tools, each decoding the same answer in its own process. A tool that is not installed is skipped with a note.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RUNS } from './report.ts';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));

const PHP = `
class Canned extends SoapClient { public $xml; public function __doRequest($r, $l, $a, $v, $o = false): ?string { return $this->xml; } }
$c = new Canned($argv[1], ["cache_wsdl" => WSDL_CACHE_NONE, "features" => SOAP_SINGLE_ELEMENT_ARRAYS]);
$c->xml = file_get_contents($argv[2]);
$best = INF;
for ($i = 0; $i < ${RUNS}; $i++) { $t = microtime(true); $r = $c->getActiveJobs([]); $best = min($best, microtime(true) - $t); }
echo json_encode([$best, count($r->jobArray->items)]);`;

const PYTHON = `
import json, sys, time, zeep
from lxml import etree
client = zeep.Client(sys.argv[1], settings=zeep.Settings(xml_huge_tree=True, strict=False))
binding = client.service._binding
operation = binding.get('getActiveJobs')
text = open(sys.argv[2], 'rb').read()
best = float('inf')
for _ in range(${RUNS}):
    t = time.time()
    doc = etree.fromstring(text, parser=etree.XMLParser(huge_tree=True))
    result = operation.process_reply(doc)
    best = min(best, time.time() - t)
jobs = result['items'] if hasattr(result, '__getitem__') and 'items' in result else result
print(json.dumps([best, len(jobs)]))`;

/** Seconds that a peer needs for the document, or why it was skipped. */
function run(command: string, args: string[], expected: number): number | string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8 });
  if (error) return 'not installed';
  if (status !== 0) return `failed: ${stderr.trim().split('\n').at(-1)}`;
  const [seconds, count] = JSON.parse(stdout) as [number, number];
  return count === expected ? seconds : `read ${count} of ${expected} jobs`;
}

/** Decoding times of PHP's extension in C and of Python's zeep. */
export function foreignDecoders(file: string, jobs: number): Record<string, number | string> {
  return {
    'PHP SoapClient (C)': run('php', ['-d', 'memory_limit=-1', '-r', PHP, '--', wsdl, file], jobs),
    'Python zeep': run('/usr/bin/python3', ['-c', PYTHON, wsdl, file], jobs),
  };
}
