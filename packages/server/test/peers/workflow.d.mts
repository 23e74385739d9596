/** Runs the workflow and tells what came of it. */
export function workflow(
  call: (operation: string, input: object) => Promise<unknown>,
  given: {
    readonly urls: { readonly image: string; readonly endless: string; readonly delivery: string };
    readonly folder: string;
  },
): Promise<object>;
