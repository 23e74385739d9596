import type { CommandSpec } from '../spec.js';

/** `ips call` */
export const call: CommandSpec = {
  name: 'call',
  summary: 'call any of the 164 operations of the API',
  description:
    'Prints the response as JSON. If the operation takes a company, the current one is filled in. ips call <operation> --help ' +
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
      description: 'set an input field: depth=1, a.b=x, list[]=x list[]=y, list[0].name=x, key=@file',
      repeatable: true,
    },
    {
      flags: '--skeleton',
      description: 'print an input template with every field, without calling the service',
    },
    { flags: '--raw', description: 'print the response as XML' },
  ],
  prints: true,
  connects: true,
  hasDryRun: true,
  examples: [
    { command: 'ips call getFolderTree -f depth=1', says: 'Call an operation with one field' },
    {
      command: 'ips call searchAssets --skeleton > search.json && ips call searchAssets --input search.json',
      says: 'Edit a template, then send it',
    },
    {
      command: 'ips call deleteAsset -f assetHandle="a|739|1|537" --dry-run',
      says: 'Show the request without sending it',
    },
    { command: 'ips call submitJob --help', says: 'Describe an operation and its input' },
  ],
  load: () => import('../commands/call.js'),
};

/** `ips validate` */
export const validate: CommandSpec = {
  name: 'validate',
  summary: 'check a document against the contract',
  description:
    'Accepts JSON or XML: a request, a response, or a value of any type in the contract. The root element determines the type of ' +
    'XML; for JSON, --type or $schema does. Exits with 1 when the document is invalid. Does not call the service.',
  arguments: [{ syntax: '<file>', description: 'the document; - is stdin', completion: 'file' }],
  options: [
    {
      flags: '--type <name>',
      description: 'the type of the document: submitJobParam, ActiveJob, …',
      completion: 'schema',
    },
    {
      flags: '--lenient',
      description: 'report unknown names, which may be newer than this version of ips, as warnings',
    },
  ],
  prints: true,
  examples: [
    { command: 'ips validate submit.json --type submitJobParam', says: 'A request in JSON' },
    { command: 'ips validate answer.xml', says: 'A SOAP envelope from the service' },
  ],
  load: () => import('../commands/validate.js'),
};

/** `ips schema` */
export const schema: CommandSpec = {
  name: 'schema',
  summary: 'print the JSON Schema of a type, request or response',
  description: 'The schema includes every definition it references. Without a name, lists all names.',
  arguments: [
    { syntax: '[name]', description: 'submitJobParam, ActiveJob, AssetType, …', completion: 'schema' },
  ],
  examples: [
    { command: 'ips schema submitJobParam > submit.schema.json', says: 'Save a schema for your editor' },
    { command: 'ips schema | grep Job', says: 'Find a name' },
  ],
  load: () => import('../commands/schema.js'),
};

/** `ips contract` */
export const contract: CommandSpec = {
  name: 'contract',
  summary: 'compare versions of the API contract',
  examples: [{ command: 'ips contract diff IpsApi.wsdl', says: 'Compare a WSDL with the built-in contract' }],
  commands: [
    {
      name: 'diff',
      summary: 'compare a WSDL with the built-in contract',
      arguments: [{ syntax: '<wsdl>', description: 'the WSDL file', completion: 'file' }],
      options: [
        { flags: '--from <wsdl>', description: 'compare with this WSDL instead', completion: 'file' },
        { flags: '--exit-code', description: 'exit with 1 if a change breaks clients' },
      ],
      prints: true,
      lists: true,
      examples: [
        {
          command: 'ips contract diff IpsApi.wsdl --exit-code',
          says: 'List all changes; fail if one breaks clients',
        },
        {
          command: 'ips contract diff IpsApi.wsdl --jq ".[] | select(.breaking) | .name"',
          says: 'List breaking changes by name',
        },
      ],
      load: () => import('../commands/contract-diff.js'),
    },
  ],
};
