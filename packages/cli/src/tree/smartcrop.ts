import { parseRect } from '../rect.js';
import type { ArgumentSpec, CommandSpec } from '../spec.js';

const IMAGES: ArgumentSpec = {
  syntax: '<images...>',
  description: 'handles or exact names; - reads them from stdin, one per line',
};

/** Commands about smart crops. */
export const smartcrop: CommandSpec = {
  name: 'smartcrop',
  summary: 'manage smart crops: named regions of images',
  description:
    'A smart crop is a named region of an image, delivered as image:name. The service creates smart crops during an upload. These ' +
    'commands use version 2019-09-10-beta of the API, which is only partly documented.',
  examples: [{ command: 'ips smartcrop list red-shoe', says: 'List the smart crops of an image' }],
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
        { command: 'ips smartcrop list red-shoe --jq ".[].name"', says: 'Names only' },
      ],
      load: () => import('../commands/smartcrop-list.js'),
    },
    {
      name: 'set',
      summary: 'change the region of a smart crop',
      arguments: [
        { syntax: '<image>', description: 'the handle or exact name of the image' },
        { syntax: '<crop>', description: 'the name or handle of the smart crop' },
      ],
      options: [
        {
          flags: '--rect <left,top,width,height>',
          description: 'the region, as fractions of the image from 0 to 1 (required)',
          parse: parseRect,
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
      summary: 'copy the regions of smart crops to another company or service',
      description:
        'Images and smart crops are matched by name; nothing is created. Exits with 1 unless every smart crop of every image was ' +
        'copied.',
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
          says: 'All images in a folder, to another company on the same service',
        },
      ],
      load: () => import('../commands/smartcrop-copy.js'),
    },
  ],
};
