/** The version of the recording format. */
export const RECORDING_VERSION = 1;

/** The name of the file that describes a recording. */
export const MANIFEST_FILE = 'recording.json';

/** The manifest of a recording. */
export interface RecordingManifest {
  readonly format: 'ips-recording';
  readonly version: number;
  /** Version of the contract of the first exchange, such as `2014-04-03`. */
  readonly contract: string;
  /** Days with added exchanges, such as `2026-01-31`. These are not shifted. */
  readonly recordedOn: readonly string[];
  /** Identifies the key of the pseudonyms without revealing it. */
  readonly keyFingerprint: string;
  /** Pseudonym of the client's company. */
  readonly company?: string | undefined;
  /** Pseudonym of the user. */
  readonly user?: string | undefined;
}

/** An uploaded file, without its content. */
export interface FixtureFile {
  readonly name: string;
  readonly fileName: string;
  readonly size: number;
  readonly sha256?: string | undefined;
}

/** A scrubbed exchange. XML is stored as lines. */
export interface Fixture {
  readonly operation: string;
  /** Version of the contract, if it differs from that of the recording. */
  readonly contract?: string | undefined;
  readonly attempt: number;
  readonly request: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly xml?: readonly string[] | undefined;
    /** The parts of an upload, instead of `xml`. */
    readonly parts?:
      | readonly ({ readonly name: string; readonly xml: readonly string[] } | FixtureFile)[]
      | undefined;
  };
  /** The response; absent if there was none. */
  readonly answer?:
    | {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly xml?: readonly string[] | undefined;
        /** Length of a response that is not XML. Its text is not kept. */
        readonly unreadable?: number | undefined;
      }
    | undefined;
  /** Name of the error of the attempt. */
  readonly failure?: string | undefined;
  /** Duration in milliseconds. */
  readonly duration: number;
}
