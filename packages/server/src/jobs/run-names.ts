/** The name of a run: `<originalName>_YYYY-MM-DD-HH:MM:SS.mmm`, in the server's time zone. */
export function runName(originalName: string, at: Date, timeZone: string): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second, fractionalSecond } = parts as Record<string, string>;
  return `${originalName}_${year}-${month}-${day}-${hour}:${minute}:${second}.${fractionalSecond}`;
}
