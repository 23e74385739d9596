/** The version of the form that recordings have. */
export const RECORDING_VERSION = 1;

/** The name of the file that describes a recording. */
export const MANIFEST_FILE = 'recording.json';

/** What a folder with a recording says of itself. */
export interface RecordingManifest {
  readonly format: 'ips-recording';
  readonly version: number;
  /** The dated version of the contract of the client that made the first exchange. */
  readonly contract: string;
  /** The days on which exchanges were added, such as `2026-01-31`. These are not moved. */
  readonly recordedOn: readonly string[];
  /** Tells whether a key is the one that the names were made with, and says nothing else about it. */
  readonly keyFingerprint: string;
  /** The pseudonym of the company that the client worked in. */
  readonly company?: string | undefined;
  /** The pseudonym of the user who called. */
  readonly user?: string | undefined;
}

/** A file of an upload: its contents are not recorded. */
export interface FixtureFile {
  readonly name: string;
  readonly fileName: string;
  readonly size: number;
  readonly sha256?: string | undefined;
}

/** One exchange, scrubbed. XML is kept as lines. */
export interface Fixture {
  readonly operation: string;
  /** The dated version of the contract of the client that made it, where it is not that of the recording. */
  readonly contract?: string | undefined;
  readonly attempt: number;
  readonly request: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly xml?: readonly string[] | undefined;
    /** The parts of an upload, in place of one document. */
    readonly parts?:
      | readonly ({ readonly name: string; readonly xml: readonly string[] } | FixtureFile)[]
      | undefined;
  };
  /** Absent when there was no answer. */
  readonly answer?:
    | {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly xml?: readonly string[] | undefined;
        /** The length of an answer that is not XML, of which nothing is kept. */
        readonly unreadable?: number | undefined;
      }
    | undefined;
  /** The error that the attempt ended with. */
  readonly failure?: string | undefined;
  /** In milliseconds. */
  readonly duration: number;
}
