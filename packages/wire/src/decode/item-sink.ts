/** Receives the items of an array one by one. */
export interface ItemSink {
  /** Path of fields to the array, such as `['jobLogArray', 'detailArray']`. */
  readonly path: readonly string[];
  readonly emit: (item: unknown) => void;
}
