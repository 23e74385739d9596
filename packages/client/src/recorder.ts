/**
 * Records the exchanges with a service without private data, and compares recordings with the contract and with other services.
 *
 * @packageDocumentation
 */

export { checkRecording, type RecordingIssue } from './recorder/check-recording.js';
export type { AnswerDifference, DifferenceKind } from './recorder/compare-answers.js';
export { createRecorder, type FolderRecorder } from './recorder/create-recorder.js';
export type { Fixture, FixtureFile, RecordingManifest } from './recorder/fixture.js';
export type { Found } from './recorder/group-findings.js';
export type { RawExchange, RawFile, RawPart, Recorder } from './recorder/raw-exchange.js';
export {
  type RecordedExchange,
  type Recording,
  readManifest,
  readRecording,
} from './recorder/read-recording.js';
export type { RecorderOptions, ReplayOptions } from './recorder/recorder-options.js';
export { RecordingError, type RecordingProblem } from './recorder/recording-error.js';
export {
  changingExchanges,
  type Replay,
  type ReplayDifference,
  replayRecording,
} from './recorder/replay-recording.js';
