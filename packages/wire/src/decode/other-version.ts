/** Whether a namespace is empty or that of another version of the service. */
export function isOtherVersion(namespace: string, uri: string): boolean {
  const family = namespace.replace(/\/\d{4}-\d{2}-\d{2}[\w-]*$/, '');
  return uri === '' || uri === family || uri.startsWith(`${family}/`);
}
