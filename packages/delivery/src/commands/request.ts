import type { Command } from '../command.js';
import { FLAG, listOf, NAMES, OBJECT, oneOf } from './grammars.js';

const ON_OFF = oneOf(['on', 'off']);

/** Commands about the answer as a whole. */
export const requestCommands: Readonly<
  Record<
    | 'req'
    | 'bfc'
    | 'dpr'
    | 'network'
    | 'cache'
    | 'defaultImage'
    | 'id'
    | 'imageSet'
    | 'locale'
    | 'template'
    | 'effectMask'
    | 'type',
    Command
  >
> = {
  req: {
    scope: 'request',
    summary: 'What to answer: an image, or facts about it',
    value: listOf({
      kind: oneOf([
        'img',
        'tmb',
        'mask',
        'props',
        'imageprops',
        'catalogprops',
        'exists',
        'validate',
        'resolve',
        'loadcache',
        'message',
        'saveToFile',
        'imageset',
        'set',
        'mbrSet',
        'map',
        'targets',
        'userdata',
        'xlate',
        'xmp',
        'contents',
        'debug',
      ]),
      'format?': oneOf(['text', 'javascript', 'xml', 'json']),
      'encoding?': { kind: 'text', what: 'an encoding such as UTF-8' },
    }),
    default: 'img',
    step: 2,
    support: 'part',
    note: 'Supported: img, tmb, mask, props, imageprops, catalogprops, exists, validate, resolve, loadcache, message, xlate, xmp, map, targets, set, imageset, userdata, contents and debug. saveToFile is refused, as this server has no SavePath, and so is mbrSet. `contents` is not documented, and answers as `exists` with the kind of the object. `debug` is an addition of this server: it lists the commands as they were understood, and those that have no effect. XML is UTF-8.',
    source: 'r-req/r-req.md',
    example: 'req=props,json',
  },
  bfc: {
    scope: 'request',
    summary: 'Whether JPEG and PNG are converted to a smaller format that the browser accepts',
    value: ON_OFF,
    default: 'off',
    step: 19,
    support: 'part',
    note: 'By the `Accept` header: AVIF, else WebP. Which formats the service prefers is not documented.',
    source: 'r-bfc.md',
    example: 'wid=120&bfc=on',
  },
  dpr: {
    scope: 'request',
    summary: 'Multiplies the delivered size by the ratio of device pixels',
    value: listOf({ state: ON_OFF, 'ratio?': { kind: 'number', above: 0, max: 100 } }),
    default: 'off',
    step: 12,
    support: 'full',
    note: 'Without a ratio, it is 1: this server does not detect devices. A result beyond MaxPix is reduced.',
    source: 'r-dpr.md',
    example: 'wid=60&dpr=on,2',
  },
  network: {
    scope: 'request',
    summary: 'Whether the quality follows the bandwidth of the network',
    value: ON_OFF,
    default: 'off',
    step: 19,
    support: 'part',
    note: 'By the headers `Save-Data`, `ECT` and `Downlink` of the request, which some browsers send. The quality is three quarters with 3g or less than 1.5 Mbit/s, and half with 2g, less than 0.4 Mbit/s or saved data, where `dpr` is off, too. The values of the service are not published.',
    source: 'r-network.md',
    example: 'wid=120&network=on',
  },
  cache: {
    scope: 'request',
    summary: 'Whether client and server may keep the answer',
    value: listOf({ client: oneOf(['on', 'off', 'validate', 'update']), 'server?': ON_OFF }),
    default: 'on,on',
    step: 19,
    support: 'full',
    note: '`validate` makes clients ask again; `update` renders again and replaces what the server keeps.',
    source: 'r-is-http-cache.md',
    example: 'wid=120&cache=off',
  },
  defaultImage: {
    scope: 'request',
    summary: 'The image to answer when the requested one is missing; empty for none',
    value: OBJECT,
    default: 'DefaultImage of the company',
    step: 4,
    support: 'part',
    note: 'Replaces the whole request, which keeps `wid`, `hei`, `fmt` and `qlt`, as DefaultImageMode 0. Missing images of other layers are an error.',
    source: 'r-is-http-defaultimage.md',
    example: 'defaultImage=Shoes&wid=120',
  },
  id: {
    scope: 'request',
    summary: 'Ignored: it exists to change the URL when the image changes',
    value: { kind: 'text', what: 'any text' },
    step: 2,
    support: 'full',
    note: 'In JSON, the answer repeats it.',
    source: 'r-id.md',
    example: 'wid=120&id=v2',
  },
  imageSet: {
    scope: 'request',
    summary: 'The set to describe, for `req=set`',
    value: { kind: 'text', what: 'a set such as {first,second}' },
    step: 4,
    support: 'full',
    source: 'r-imageset.md',
    example: 'imageSet={Shoes,Shoes}&req=set,json',
  },
  locale: {
    scope: 'request',
    summary: 'Language of the objects and texts',
    value: { kind: 'text', what: 'a locale such as de_de' },
    step: 2,
    support: 'part',
    default: 'DefaultLocale of the company',
    note: 'By LocaleMap of the company, without which it is ignored. Texts are not translated: LocaleStrMap has no effect.',
    source: 'r-locale.md',
    example: 'locale=de_de&wid=120',
  },
  template: {
    scope: 'request',
    summary: 'An object whose modifier is the body of the request; the path names `$object$`',
    value: OBJECT,
    step: 3,
    support: 'full',
    note: 'The post-modifier of the image of the path counts, that of the template does not. It also counts in nested requests, and in the modifier of the image of the path.',
    source: 'r-template.md',
    example: 'template=Card&$text=Sale',
  },
  effectMask: {
    scope: 'request',
    summary: 'Whether effects are cut where they overlap their layer',
    value: FLAG,
    default: '1',
    step: 8,
    support: 'full',
    note: 'Effects over a layer are visible only within it, whatever the mask.',
    source: 'r-effectmask.md',
    example: 'opac=40&effect=-1&color=ff0000&pos=20,20&effectMask=0&scl=3',
  },
  type: {
    scope: 'request',
    summary: 'Type of the object, in requests for other content than images',
    value: NAMES,
    step: 2,
    support: 'none',
    source: 'r-type.md',
  },
};
