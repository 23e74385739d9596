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
export {
  type ImageUrlParts,
  imageUrl,
  type UrlLayer,
  type Writable,
  type WritableCommands,
} from './image-url.js';
export {
  type FindMacro,
  type ImageLayer,
  type ImageRequest,
  type ParseOptions,
  parseRequest,
  type RequestLimits,
} from './parse-request.js';
export { expectedOf } from './read-value.js';
export { type NestedRequest, nestedRequest } from './request-text.js';
