/** A text without what differs from run to run: ports, times of files, temporary folders. */
export function plain(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/(?:\/|[A-Z]:\\)\S*ips-cli-\w{6}/g, 'HOME')
    .replace(/HOME\\[^\s:]*/g, (path) => path.replaceAll('\\', '/'))
    .replace(/\b20(?!14)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, 'NOW');
}
