/** Where the items of an array go one by one instead of into a value. */
export interface ItemSink {
  /** The names of the fields that lead to the array, such as `['jobLogArray', 'detailArray']`. */
  readonly path: readonly string[];
  readonly emit: (item: unknown) => void;
}
