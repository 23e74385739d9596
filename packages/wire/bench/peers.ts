// Other SOAP tools, each decoding the same answer in its own process. A tool that is not installed is skipped with a note.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Contender, Sample } from '../../../scripts/bench/compare.ts';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));

const PHP = `
class Canned extends SoapClient { public $xml; public function __doRequest($r, $l, $a, $v, $o = false): ?string { return $this->xml; } }
$c = new Canned($argv[1], ["cache_wsdl" => WSDL_CACHE_NONE, "features" => SOAP_SINGLE_ELEMENT_ARRAYS]);
$c->xml = file_get_contents($argv[2]);
function spent() { $u = getrusage(); return $u['ru_utime.tv_sec'] + $u['ru_stime.tv_sec'] + ($u['ru_utime.tv_usec'] + $u['ru_stime.tv_usec']) / 1e6; }
for ($i = 0; $i < 2; $i++) { $r = null; $t = microtime(true); $p = spent(); $r = $c->getActiveJobs([]); $wall = microtime(true) - $t; $cpu = spent() - $p; }
echo json_encode([$wall, $cpu, count($r->jobArray->items)]);`;

const PYTHON = `
import json, sys, time, zeep
from lxml import etree
client = zeep.Client(sys.argv[1], settings=zeep.Settings(xml_huge_tree=True, strict=False))
binding = client.service._binding
operation = binding.get('getActiveJobs')
text = open(sys.argv[2], 'rb').read()
for _ in range(2):
    doc = result = None
    t, p = time.time(), time.process_time()
    doc = etree.fromstring(text, parser=etree.XMLParser(huge_tree=True))
    result = operation.process_reply(doc)
    wall, cpu = time.time() - t, time.process_time() - p
jobs = result['items'] if hasattr(result, '__getitem__') and 'items' in result else result
print(json.dumps([wall, cpu, len(jobs)]))`;

/** Decodes twice in a new process, and takes the second time: both tools load what they need in the first. */
function run(command: string, args: string[], expected: number): Sample {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().split('\n').at(-1)}`);
  // The programs above print this.
  const [wall, cpu, count] = JSON.parse(stdout) as [number, number, number];
  if (count !== expected) throw new Error(`${command} read ${count} of ${expected} jobs`);
  return { wall: wall * 1000, cpu: cpu * 1000 };
}

const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** PHP's extension in C and Python's zeep. */
export function foreignDecoders(file: string, jobs: number): readonly Contender[] {
  const php = ['-d', 'memory_limit=-1', '-r', PHP, '--', wsdl, file];
  const python = '/usr/bin/python3';
  return [
    {
      name: 'PHP SoapClient (C)',
      take: has('php', '-r', 'new ReflectionClass("SoapClient");')
        ? () => run('php', php, jobs)
        : 'not installed',
    },
    {
      name: 'Python zeep',
      take: has(python, '-c', 'import zeep')
        ? () => run(python, ['-c', PYTHON, wsdl, file], jobs)
        : 'not installed',
    },
  ];
}
