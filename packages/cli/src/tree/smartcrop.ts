import type { ArgumentSpec, CommandSpec } from '../spec.js';

const IMAGES: ArgumentSpec = {
  syntax: '<images...>',
  description: 'handles or exact names; - reads them from stdin, one per line',
};

/** Commands about smart crops. */
export const smartcrop: CommandSpec = {
  name: 'smartcrop',
  summary: 'smart crops: named parts of images',
  description:
    'A smart crop is a part of an image that has a name and is delivered as image:name. The service makes them of an upload. These ' +
    'commands speak 2019-09-10-beta, a version of the API that is known in parts only.',
  examples: [{ command: 'ips smartcrop list red-shoe', says: 'The smart crops of an image' }],
  commands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list the smart crops of images',
      arguments: [IMAGES],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips smartcrop list red-shoe', says: 'As a table' },
        { command: 'ips smartcrop list red-shoe --jq ".[].name"', says: 'Their names' },
      ],
      load: () => import('../commands/smartcrop-list.js'),
    },
    {
      name: 'set',
      summary: 'change what a smart crop shows',
      arguments: [
        { syntax: '<image>', description: 'its handle or exact name' },
        { syntax: '<crop>', description: 'the name of the smart crop, or its handle' },
      ],
      options: [
        {
          flags: '--rect <left,top,width,height>',
          description: 'the part, in fractions of the image from 0 to 1 (required)',
        },
      ],
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips smartcrop set red-shoe Banner --rect 0,0.25,1,0.5', says: 'The middle half' },
      ],
      load: () => import('../commands/smartcrop-set.js'),
    },
    {
      name: 'copy',
      aliases: ['cp'],
      summary: 'copy what smart crops show to another company or service',
      description:
        'Images are found by their names, smart crops by theirs; nothing is created. Exits with 1 when not all smart crops of all ' +
        'images were copied.',
      arguments: [IMAGES],
      options: [
        {
          flags: '--to-profile <name>',
          description: 'the profile of the service and company to copy to',
          completion: 'profile',
        },
        { flags: '--to-company <name>', description: 'the company to copy to' },
      ],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips smartcrop copy red-shoe --to-profile production', says: 'To another service' },
        {
          command:
            'ips asset search --folder MyCompany/Shoes/ --type Image --jq ".[].assetHandle" | ips smartcrop copy - --to-company OtherCompany',
          says: 'All images of a folder, to another company of the same service',
        },
      ],
      load: () => import('../commands/smartcrop-copy.js'),
    },
  ],
};
