import type { TaskProgress } from '@ips-sdk/types';
import type { ReactNode } from 'react';
import { Card } from '../components/card.tsx';
import { Progress } from '../components/progress.tsx';
import { formatNumber } from '../format/number.ts';

/** What a run is made of, and the items that it reports on. */
export function JobTasks({ tasks }: { tasks: readonly TaskProgress[] }): ReactNode {
  return (
    <Card title="Tasks">
      <ul className="tasks">
        {tasks.map((task, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tasks have no identity but their place.
          <li key={index}>
            <Task task={task} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Task({ task }: { task: TaskProgress }): ReactNode {
  const { taskType, taskState, numProcessed, numProcessing, numPending, progressMessage } = task;
  const total = numProcessed + numProcessing + numPending;
  return (
    <>
      <div className="task-line">
        <span className="break">{describeTask(taskType)}</span>
        <span>
          {formatNumber(numProcessed)} / {formatNumber(total)}
        </span>
      </div>
      <div className="task-line sub">
        <span className="break">
          {progressMessage === '' ? taskState : `${taskState} · ${progressMessage}`}
        </span>
      </div>
      {numProcessing > 0 && <Count label="processing" count={numProcessing} />}
      {numPending > 0 && <Count label="pending" count={numPending} />}
      {task.taskItemProgressArray.length > 0 && (
        <ul className="task-items">
          {task.taskItemProgressArray.map((item) => (
            <li key={item.itemName} className="task-line sub">
              <span className="ellipsis" title={item.progressMessage}>
                {item.itemName}
              </span>
              <Progress percent={item.progress * 100} label={item.itemName} showsNumber />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Count({ label, count }: { label: string; count: number }): ReactNode {
  return (
    <div className="task-line sub">
      <span>{label}</span>
      <span>{formatNumber(count)}</span>
    </div>
  );
}

/** `UploadTask` or `com.scene7.ips.UploadTask` as `Upload`. */
export function describeTask(taskType: string): string {
  const name = taskType.split('.').at(-1) ?? taskType;
  const words = name
    .replace(/Task$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words === '' ? taskType : words.charAt(0).toUpperCase() + words.slice(1);
}
