import { TLS } from '../check-options.js';
import {
  accepting,
  type Checks,
  iterable,
  name,
  options,
  required,
  secret,
  signal,
  timeLimit,
} from '../option-checks.js';
import type { RecorderOptions, ReplayOptions } from './recorder-options.js';

export const RECORDER: Checks<RecorderOptions> = {
  key: accepting(
    'at least 32 random bytes',
    (value) => value instanceof Uint8Array && value.length >= 32,
    true,
  ),
  keep: iterable,
};

export const REPLAY: Checks<ReplayOptions> = {
  endpoint: required(name),
  auth: required(options<ReplayOptions['auth']>({ user: required(name), password: required(secret) })),
  company: name,
  timeout: timeLimit,
  tls: TLS,
  signal,
};
