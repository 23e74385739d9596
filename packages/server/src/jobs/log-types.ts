/** Log types of a kind's rows, by the constants of the service. */
export interface KindLogTypes {
  readonly begin: string;
  readonly end: string;
  readonly success: string;
  readonly error: string;
  readonly warning: string;
}
