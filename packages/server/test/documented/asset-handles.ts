// Older forms of the handle of an asset, in which the samples of early namespaces ask. They add what kind of asset it is, and its number
// within the kind, which nothing depends on.

/** `24265|1|17061`, the form of the first namespace. */
export const firstForm = (handle: string): string => `${handle.slice('a|'.length)}|1|1`;

/** `a|739|1|537`, the form of those that followed. */
export const longForm = (handle: string): string => `${handle}|1|1`;
