/**
 * Records what a service answers, with everything private removed, and holds recordings against the contract and other services.
 *
 * @packageDocumentation
 */
export { createRecorder, type FolderRecorder, type RecorderOptions } from './recorder/create-recorder.js';
export type { Fixture, FixtureFile, RecordingManifest } from './recorder/fixture.js';
export type { RawExchange, RawFile, RawPart, Recorder } from './recorder/raw-exchange.js';
export {
  type RecordedExchange,
  type Recording,
  readManifest,
  readRecording,
} from './recorder/read-recording.js';
export { RecordingError, type RecordingProblem } from './recorder/recording-error.js';
