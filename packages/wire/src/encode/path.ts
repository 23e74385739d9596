/** The encoder's position in a value. A linked list costs nothing until an error needs it. */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: string | number;
}

/** `submitJobParam.uploadUrlsJob.urlArray[3].sourceUrl` */
export function pathText(path: Path | undefined): string {
  if (path === undefined) return '';
  const parent = pathText(path.parent);
  if (typeof path.key === 'number') return `${parent}[${path.key}]`;
  const plain = /^[A-Za-z_$][\w$]*$/.test(path.key);
  if (!plain) return `${parent}[${JSON.stringify(path.key)}]`;
  return parent === '' ? path.key : `${parent}.${path.key}`;
}
