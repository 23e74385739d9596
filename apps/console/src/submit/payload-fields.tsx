import type { ReactNode } from 'react';
import { Button, IconButton } from '../components/button.tsx';
import { formatCount } from '../format/number.ts';
import { usePayloadForm } from './form-context.tsx';
import { type FormField, fieldsOf, itemFieldOf } from './form-field.ts';
import { formatPath, isBelow, isBlank, isObject, startOf, type ValuePath } from './form-values.ts';
import { Issues } from './issues.tsx';
import { PasteLines } from './paste-lines.tsx';
import { AssetsInput, SimpleInput } from './payload-inputs.tsx';

/** The fields of an object. What is required or set comes first; the rest is one click away. */
export function GroupFields({
  schema,
  path,
  value,
}: {
  schema: FormField['schema'];
  path: ValuePath;
  value: unknown;
}): ReactNode {
  const form = usePayloadForm();
  const fields = fieldsOf(schema, form.definitions);
  const isShown = ({ name, isRequired }: FormField): boolean => isRequired || form.wasThere([...path, name]);
  const more = fields.filter((field) => !isShown(field));
  const object = isObject(value) ? value : {};
  const used = more.filter(({ name }) => Object.hasOwn(object, name)).length;
  const hasIssue = more.some(({ name }) => {
    const above = formatPath([...path, name]);
    return [...form.issues.keys()].some((issue) => isBelow(issue, above));
  });
  return (
    <div className="payload-fields">
      {fields.filter(isShown).map((field) => (
        <PayloadField
          key={field.name}
          field={field}
          path={[...path, field.name]}
          value={object[field.name]}
        />
      ))}
      {more.length > 0 && (
        <details className="more-fields" open={hasIssue || undefined}>
          <summary>
            {formatCount(more.length, 'more option')}
            {used > 0 && <b> {used} set</b>}
          </summary>
          <div className="payload-fields">
            {more.map((field) => (
              <PayloadField
                key={field.name}
                field={field}
                path={[...path, field.name]}
                value={object[field.name]}
              />
            ))}
          </div>
        </details>
      )}
      <Issues path={path} />
    </div>
  );
}

/** One value with its label, description and problems. */
function PayloadField({
  field,
  path,
  value,
}: {
  field: FormField;
  path: ValuePath;
  value: unknown;
}): ReactNode {
  if (field.form === 'group') return <Group field={field} path={path} value={value} />;
  if (field.form === 'list') return <List field={field} path={path} value={value} />;
  if (field.form === 'assets') return <AssetsInput field={field} path={path} value={value} />;
  return <SimpleInput field={field} path={path} value={value} />;
}

function Group({ field, path, value }: { field: FormField; path: ValuePath; value: unknown }): ReactNode {
  const form = usePayloadForm();
  const isThere = isObject(value);
  return (
    <fieldset className="payload-group" aria-describedby={`${formatPath(path)}-hint`}>
      <legend>{field.label}</legend>
      <div className="group-tools">
        <span className="hint" id={`${formatPath(path)}-hint`}>
          {field.description}
        </span>
        {isThere ? (
          !field.isRequired && (
            <Button look="quiet" icon="close" onClick={() => form.set(path, undefined)}>
              Remove<span className="hidden-text"> {field.label}</span>
            </Button>
          )
        ) : (
          <Button icon="plus" onClick={() => form.set(path, {})}>
            Set<span className="hidden-text"> {field.label}</span>
          </Button>
        )}
      </div>
      {isThere && <GroupFields schema={field.schema} path={path} value={value} />}
      {!isThere && <Issues path={path} />}
    </fieldset>
  );
}

function List({ field, path, value }: { field: FormField; path: ValuePath; value: unknown }): ReactNode {
  const form = usePayloadForm();
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const add = (): void =>
    form.set([...path, items.length], startOf(itemFieldOf(field, 0, form.definitions).form));
  return (
    <fieldset className="payload-group">
      <legend>
        {field.label}
        {!field.isRequired && items.length === 0 && <span className="secondary"> optional</span>}
      </legend>
      <span className="hint">{field.description}</span>
      {items.map((item, index) => {
        const itemField = itemFieldOf(field, index, form.definitions);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item of the payload is its place.
          <div key={index} className="list-item">
            {itemField.form === 'group' ? (
              <GroupFields schema={itemField.schema} path={[...path, index]} value={item} />
            ) : (
              <SimpleInput
                field={{ ...itemField, description: undefined }}
                path={[...path, index]}
                value={item}
              />
            )}
            <IconButton
              look="quiet"
              icon="close"
              label={`Remove ${itemField.label}`}
              onClick={() => form.set([...path, index], undefined)}
            />
          </div>
        );
      })}
      <div className="list-tools">
        <Button icon="plus" onClick={add}>
          Add<span className="hidden-text"> to {field.label}</span>
        </Button>
        <PasteLines
          list={field}
          definitions={form.definitions}
          items={items}
          onAdd={(added) => form.set(path, [...items.filter((item) => !isBlank(item)), ...added])}
        />
      </div>
      <Issues path={path} />
    </fieldset>
  );
}
