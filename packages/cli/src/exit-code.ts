/** What the exit codes of `ips` mean. They are part of its interface. */
export const EXIT = {
  ok: 0,
  /** A job failed, some of many things failed, a document is not valid, or a question was answered with no. */
  failed: 1,
  /** The command line cannot be meant, or a question cannot be asked. */
  usage: 2,
  /** There is no profile, or it lacks something. */
  configuration: 3,
  /** The service does not know the caller, or does not let the caller do this. */
  authorization: 4,
  /** The service answered a fault or nothing usable, or could not be reached. */
  service: 5,
  /** It took longer than it was given. */
  timeout: 6,
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
