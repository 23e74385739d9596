/** The short name of a task type: `Upload` for `com.scene7.upload.UploadAsyncTaskMonitor`. */
export function taskName(taskType: string): string {
  const last = taskType.slice(taskType.lastIndexOf('.') + 1);
  return last.replace(/AsyncTaskMonitor$/, '') || taskType;
}
