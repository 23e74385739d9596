import type { ReactNode } from 'react';
import type { Fact, JobPage } from '../api/contract.ts';
import { Card, FactList } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { SafeLink } from '../components/safe-link.tsx';
import { ExactTime, None } from '../components/time.tsx';
import { CropPicture, findCrop } from './crop-picture.tsx';

/** The job itself, and its payload in rows that can be read. */
export function JobFacts({ page: { row, active, scheduled, facts, details } }: { page: JobPage }): ReactNode {
  const locale = active?.locale ?? scheduled?.locale;
  const crop = findCrop(details?.details);
  const own = [
    { label: 'Handle', value: <HandleValue handle={row.handle} /> },
    { label: 'Run', value: <span className="mono">{row.name}</span> },
    { label: 'Type', value: row.type },
    { label: 'Submitted by', value: row.submitUserEmail },
    ...(locale === undefined ? [] : [{ label: 'Locale', value: locale }]),
    ...(row.serverName === undefined
      ? []
      : [{ label: 'Server', value: <span className="mono">{row.serverName}</span> }]),
    ...(row.execSchedule === undefined
      ? []
      : [{ label: 'Schedule', value: <span className="mono">{row.execSchedule}</span> }]),
    ...(row.nextFireTime === undefined
      ? []
      : [{ label: 'Next run', value: <ExactTime at={row.nextFireTime} /> }]),
  ];
  return (
    <Card title="Job">
      <FactList
        facts={[
          ...own,
          ...facts.map((fact) => ({ label: fact.label, value: <FactValue fact={fact} />, key: fact.path })),
        ]}
      />
      {crop !== undefined && <CropPicture crop={crop} />}
    </Card>
  );
}

function HandleValue({ handle }: { handle: string }): ReactNode {
  return (
    <span className="handle-value">
      <code className="break">{handle}</code>
      <CopyButton text={handle} what="the handle" />
    </span>
  );
}

function FactValue({ fact: { form, value } }: { fact: Fact }): ReactNode {
  switch (form) {
    case 'url':
      return <SafeLink url={value} />;
    case 'handle':
    case 'asset':
      return <code className="break">{value}</code>;
    case 'xml':
      return <pre className="code-text">{value}</pre>;
    default:
      return value === '' ? <None /> : value;
  }
}
