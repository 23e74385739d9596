/** A task's type in short: `com.scene7.upload.UploadAsyncTaskMonitor` is `Upload`. */
export function taskName(taskType: string): string {
  const last = taskType.slice(taskType.lastIndexOf('.') + 1);
  return last.replace(/AsyncTaskMonitor$/, '') || taskType;
}
