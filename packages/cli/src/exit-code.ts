/** The exit codes of `ips`. They are part of its public interface. */
export const EXIT = {
  ok: 0,
  /** A job or an item of a batch failed, a document is invalid, a comparison found differences, or the user answered no. */
  failed: 1,
  /** The command line is wrong, or the command cannot prompt. */
  usage: 2,
  /** The profile is missing or incomplete. */
  configuration: 3,
  /** The service rejected the login, or does not allow the user to do this. */
  authorization: 4,
  /** The service returned a fault or an unusable response, or could not be reached. */
  service: 5,
  /** A time limit was exceeded. */
  timeout: 6,
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
