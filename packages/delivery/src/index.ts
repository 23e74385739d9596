export { type Color, formatColor, parseColor, rgbOf } from './color.js';
export {
  type Command,
  type Grammar,
  type Part,
  referenceUrl,
  type Scope,
  type Support,
  steps,
} from './command.js';
export type {
  CommandName,
  CommandValues,
  Corners,
  FitMode,
  GivenValues,
  ImageFormat,
  Margins,
  Pair,
  Rectangle,
  RequestKind,
  Sharpening,
} from './command-values.js';
export { commands, findCommand } from './commands.js';
export { DeliveryError } from './delivery-error.js';
export { formatRequest } from './format-request.js';
export {
  type ImageUrlParts,
  imageUrl,
  type UrlEffect,
  type UrlLayer,
  type Writable,
  type WritableCommands,
} from './image-url.js';
export { namedTexts } from './named-texts.js';
export type { FindMacro, ParseOptions, RequestLimits } from './parse-options.js';
export {
  type ImageEffect,
  type ImageLayer,
  type ImageRequest,
  parseRequest,
} from './parse-request.js';
export { expectedOf } from './read-value.js';
export { type NestedRequest, nestedRequest } from './request-text.js';
