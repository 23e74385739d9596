/**
 * Does something after what clients have sent so far was read. When the process was busy for longer than a timeout, the timeout comes
 * first: without a look at what has arrived, the server would close connections whose requests wait to be read.
 */
export function afterReading(work: () => void): void {
  setImmediate(work);
}
