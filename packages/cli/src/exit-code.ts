/** The exit codes of `ips`, which are part of its interface. */
export const EXIT = {
  ok: 0,
  /** A job failed, some items of a batch failed, a document is not valid, or a prompt was answered with no. */
  failed: 1,
  /** The command line is wrong, or the command cannot prompt. */
  usage: 2,
  /** The profile is missing or incomplete. */
  configuration: 3,
  /** The service does not know the user, or does not allow the user to do this. */
  authorization: 4,
  /** The service answered a fault or nothing usable, or could not be reached. */
  service: 5,
  /** A time limit was exceeded. */
  timeout: 6,
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
