import { type ReactNode, useId, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { AssetRow, MetadataValue } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { None } from '../components/time.tsx';
import { useToast } from '../components/toast.tsx';
import { GuardedButton, whyNot } from '../session/guarded-button.tsx';
import { useSession } from '../session/session-context.tsx';
import './metadata-card.css';

/** The metadata of an asset. Only values that were changed are sent. */
export function MetadataCard({
  row,
  metadata,
}: {
  row: AssetRow;
  metadata: readonly MetadataValue[];
}): ReactNode {
  const session = useSession();
  const [changed, setChanged] = useState<ReadonlyMap<string, string>>(new Map());
  const [filter, setFilter] = useState('');
  const save = useApiMutation('assets/metadata', ['asset', 'assets']);
  const toast = useToast();
  const mayChange = whyNot(session, 'changeAssets') === undefined && !row.isInTrash;
  const values = metadata
    .filter(({ fieldHandle, value = '' }) => changed.has(fieldHandle) && changed.get(fieldHandle) !== value)
    .map(({ fieldHandle }) => ({ fieldHandle, value: changed.get(fieldHandle) || null }));
  const shown = metadata.filter(({ name }) => name.toLowerCase().includes(filter.trim().toLowerCase()));

  const store = async (): Promise<void> => {
    try {
      const { summary, outcomes } = await save.mutateAsync({ assetHandle: row.assetHandle, values });
      toast.report(summary, outcomes);
      if (outcomes.every(({ ok }) => ok)) setChanged(new Map());
    } catch (error) {
      toast.fail(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <Card
      title="Metadata"
      tools={
        metadata.length > 8 && (
          <input
            className="input"
            type="search"
            aria-label="Filter the fields"
            placeholder="Filter fields"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        )
      }
    >
      {metadata.length === 0 ? (
        <p className="secondary">The company has no metadata fields for this type.</p>
      ) : (
        <>
          <div className="metadata-fields">
            {shown.map((field) => (
              <MetadataField
                key={field.fieldHandle}
                field={field}
                isEditable={mayChange && field.isEditable}
                value={changed.get(field.fieldHandle) ?? field.value ?? ''}
                onChange={(value) => setChanged(new Map(changed).set(field.fieldHandle, value))}
              />
            ))}
          </div>
          {shown.length === 0 && <p className="secondary">No field of that name.</p>}
          <div className="metadata-tools">
            <Button disabled={values.length === 0} onClick={() => setChanged(new Map())}>
              As before
            </Button>
            <GuardedButton
              needs="changeAssets"
              look="primary"
              obstacle={
                values.length === 0 ? 'nothing has changed' : save.isPending ? 'it is being saved' : undefined
              }
              onClick={() => void store()}
            >
              Save the metadata
            </GuardedButton>
          </div>
        </>
      )}
    </Card>
  );
}

function MetadataField({
  field: { name, fieldType, choices, value: before },
  isEditable,
  value,
  onChange,
}: {
  field: MetadataValue;
  isEditable: boolean;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  const id = useId();
  if (!isEditable) {
    return (
      <div className="metadata-field">
        <span className="secondary break">{name}</span>
        <span className="break">{before ?? <None />}</span>
      </div>
    );
  }
  const options = fieldType === 'Boolean' ? ['true', 'false'] : choices;
  const common = {
    id,
    value,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="metadata-field" data-changed={value !== (before ?? '') || undefined}>
      <label htmlFor={id} className="secondary break">
        {name}
      </label>
      {options === undefined ? (
        <input
          {...common}
          className="input"
          autoComplete="off"
          inputMode={fieldType === 'Integer' || fieldType === 'Double' ? 'decimal' : undefined}
          placeholder={fieldType === 'Date' ? '2026-11-26T00:00:00Z' : undefined}
        />
      ) : (
        <select {...common} className="select">
          <option value="">not set</option>
          {(value === '' || options.includes(value) ? options : [value, ...options]).map((choice) => (
            <option key={choice} value={choice}>
              {fieldType === 'Boolean' ? (choice === 'true' ? 'yes' : 'no') : choice}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
