import type { CommandSpec } from '../spec.js';

/** `ips call` */
export const call: CommandSpec = {
  name: 'call',
  summary: 'call any of the 164 operations of the API',
  description:
    'The answer is printed as JSON. The company of the profile is filled in where the operation takes one. ips call <operation> --help ' +
    'describes an operation and its input; ips call without an operation lists them all.',
  arguments: [
    {
      syntax: '[operation]',
      description: 'getActiveJobs, searchAssets, …',
      completion: 'operation',
    },
  ],
  options: [
    { flags: '--input <file>', description: 'the input as JSON; - is stdin', completion: 'file' },
    {
      flags: '-f, --field <key=value>',
      description: 'a field of the input: depth=1, a.b=x, list[]=x list[]=y, list[0].name=x, key=@file',
      repeatable: true,
    },
    { flags: '--skeleton', description: 'print an input with every field to fill in, and call nothing' },
    { flags: '--raw', description: 'print the XML of the answer' },
  ],
  prints: true,
  connects: true,
  hasDryRun: true,
  examples: [
    { command: 'ips call getFolderTree -f depth=1', says: 'An operation with one field' },
    {
      command: 'ips call searchAssets --skeleton > search.json && ips call searchAssets --input search.json',
      says: 'Fill in an example',
    },
    {
      command: 'ips call deleteAsset -f assetHandle="a|739|1|537" --dry-run',
      says: 'The XML that would be sent',
    },
    { command: 'ips call submitJob --help', says: 'The input of an operation' },
  ],
  load: () => import('../commands/call.js'),
};

/** `ips validate` */
export const validate: CommandSpec = {
  name: 'validate',
  summary: 'check a document against the contract',
  description:
    'JSON or XML: a request, an answer, or a value of any type of the contract. The root element names the type of XML; for JSON, ' +
    '--type or $schema does. Exits with 1 when it is not valid. Nothing is called.',
  arguments: [{ syntax: '<file>', description: 'the document; - is stdin', completion: 'file' }],
  options: [
    {
      flags: '--type <name>',
      description: 'its type: submitJobParam, ActiveJob, …',
      completion: 'schema',
    },
    { flags: '--lenient', description: 'report what may be newer than this program as a warning' },
  ],
  prints: true,
  examples: [
    { command: 'ips validate submit.json --type submitJobParam', says: 'An input' },
    { command: 'ips validate answer.xml', says: 'An envelope, as the service sent it' },
  ],
  load: () => import('../commands/validate.js'),
};

/** `ips schema` */
export const schema: CommandSpec = {
  name: 'schema',
  summary: 'print the JSON Schema of a type, request or answer',
  description: 'It includes everything that it refers to. Without a name, all names are listed.',
  arguments: [
    { syntax: '[name]', description: 'submitJobParam, ActiveJob, AssetType, …', completion: 'schema' },
  ],
  examples: [
    { command: 'ips schema submitJobParam > submit.schema.json', says: 'For an editor' },
    { command: 'ips schema | grep Job', says: 'Find a name' },
  ],
  load: () => import('../commands/schema.js'),
};

/** `ips contract` */
export const contract: CommandSpec = {
  name: 'contract',
  summary: 'the contract that this program implements',
  examples: [{ command: 'ips contract diff IpsApi.wsdl', says: 'Has the service changed?' }],
  commands: [
    {
      name: 'diff',
      summary: 'compare a WSDL with the contract of this program',
      arguments: [{ syntax: '<wsdl>', description: 'a file', completion: 'file' }],
      options: [
        { flags: '--from <wsdl>', description: 'compare with this one instead', completion: 'file' },
        { flags: '--exit-code', description: 'exit with 1 when a change breaks clients' },
      ],
      prints: true,
      lists: true,
      examples: [
        {
          command: 'ips contract diff IpsApi.wsdl --exit-code',
          says: 'What was added, removed and changed; fail on breaking changes',
        },
        {
          command: 'ips contract diff IpsApi.wsdl --jq ".[] | select(.breaking) | .name"',
          says: 'What breaks, by name',
        },
      ],
      load: () => import('../commands/contract-diff.js'),
    },
  ],
};
