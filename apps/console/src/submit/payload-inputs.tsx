import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { AssetRow, KeptSecret } from '../api/contract.ts';
import { Button, IconButton } from '../components/button.tsx';
import { FolderDialog } from '../folders/folder-picker.tsx';
import { formatCount } from '../format/number.ts';
import { AssetDialog } from './asset-picker.tsx';
import { usePayloadForm } from './form-context.tsx';
import type { FormField } from './form-field.ts';
import { formatPath, textOfValue, type ValuePath, valueOfText } from './form-values.ts';
import { Issues } from './issues.tsx';

const KEPT: KeptSecret = '••••••';

interface InputProps {
  readonly field: FormField;
  readonly path: ValuePath;
  readonly value: unknown;
}

/** A value that is entered in one line. */
export function SimpleInput({ field, path, value }: InputProps): ReactNode {
  const form = usePayloadForm();
  const id = formatPath(path);
  const issues = form.issues.get(id) ?? [];
  const isInvalid = issues.some(({ severity }) => severity === 'error');
  const hint = [field.description, field.expected, fallbackOf(field)].filter((part) => part !== undefined);
  const text = textOfValue(value);
  const change = (next: string): void => form.set(path, valueOfText(next, field.form));
  const described = `${id}-hint ${id}-issues`;
  const common = {
    id,
    'aria-describedby': described,
    'aria-invalid': isInvalid,
    'aria-required': field.isRequired,
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {field.label}
        {!field.isRequired && <span className="secondary"> optional</span>}
      </label>
      {field.form === 'yesNo' ? (
        <select
          {...common}
          className="select"
          value={typeof value === 'boolean' ? String(value) : ''}
          onChange={(event) =>
            form.set(path, event.target.value === '' ? undefined : event.target.value === 'true')
          }
        >
          <option value="">not set</option>
          <option value="true">yes</option>
          <option value="false">no</option>
        </select>
      ) : field.form === 'choice' ? (
        <Choice {...common} field={field} text={text} onChange={change} />
      ) : field.form === 'context' ? (
        <ContextChoice {...common} text={text} onChange={change} />
      ) : field.form === 'folder' || field.form === 'path' ? (
        <FolderInput {...common} text={text} hasName={field.form === 'path'} onChange={change} />
      ) : field.form === 'asset' ? (
        <AssetInput {...common} text={text} onChange={change} />
      ) : (
        <input
          {...common}
          className="input"
          value={text}
          inputMode={field.form === 'number' ? 'decimal' : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change(event.target.value)}
        />
      )}
      <span className="hint" id={`${id}-hint`}>
        {value === KEPT
          ? 'A secret of the job it is based on. It is kept unless you type another.'
          : hint.join(' · ')}
      </span>
      <Issues path={path} id={`${id}-issues`} />
    </div>
  );
}

function fallbackOf({ fallback, isRequired }: FormField): string | undefined {
  return fallback === undefined || isRequired ? undefined : `${fallback} if not set`;
}

interface TextProps {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-required': boolean;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Constants. A value that is none of them stays, because the service may know more. */
function Choice({ field, text, onChange, ...rest }: TextProps & { field: FormField }): ReactNode {
  const choices = field.choices.includes(text) || text === '' ? field.choices : [text, ...field.choices];
  return (
    <select {...rest} className="select" value={text} onChange={(event) => onChange(event.target.value)}>
      <option value="">not set</option>
      {choices.map((choice) => (
        <option key={choice}>{choice}</option>
      ))}
    </select>
  );
}

function ContextChoice({ text, onChange, ...rest }: TextProps): ReactNode {
  const { data } = useApi('publish');
  const contexts = data?.contexts ?? [];
  const isKnown = text === '' || contexts.some(({ contextHandle }) => contextHandle === text);
  return (
    <select {...rest} className="select" value={text} onChange={(event) => onChange(event.target.value)}>
      <option value="">the company's default</option>
      {!isKnown && <option>{text}</option>}
      {contexts.map(({ contextHandle, contextName }) => (
        <option key={contextHandle} value={contextHandle}>
          {contextName ?? contextHandle}
        </option>
      ))}
    </select>
  );
}

/** A text that can also be chosen in a dialog, which is the content. */
function PickedInput({
  text,
  onChange,
  icon,
  onChoose,
  children,
  ...rest
}: TextProps & { icon: 'folder' | 'assets'; onChoose: () => void; children: ReactNode }): ReactNode {
  return (
    <span className="picked">
      <input
        {...rest}
        className="input"
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button icon={icon} onClick={onChoose}>
        Choose…
      </Button>
      {children}
    </span>
  );
}

/** A folder, or a file in one: then choosing another folder keeps the name. */
function FolderInput({ text, hasName, onChange, ...rest }: TextProps & { hasName: boolean }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <PickedInput {...rest} text={text} onChange={onChange} icon="folder" onChoose={() => setIsOpen(true)}>
      <FolderDialog
        title="Choose a folder"
        action="Use this folder"
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        onChoose={({ fullPath }) =>
          onChange(hasName ? `${fullPath}${text.split('/').at(-1) ?? ''}` : fullPath)
        }
      />
    </PickedInput>
  );
}

function AssetInput({ text, onChange, ...rest }: TextProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <PickedInput {...rest} text={text} onChange={onChange} icon="assets" onChoose={() => setIsOpen(true)}>
      <AssetDialog
        isOpen={isOpen}
        isSingle
        onClose={() => setIsOpen(false)}
        onChoose={([chosen]) => onChange(chosen?.assetHandle ?? '')}
      />
    </PickedInput>
  );
}

/** Handles of assets: typed, or chosen from the folders. */
export function AssetsInput({ field, path, value }: InputProps): ReactNode {
  const form = usePayloadForm();
  const [isOpen, setIsOpen] = useState(false);
  const [known, setKnown] = useState<ReadonlyMap<string, AssetRow>>(new Map());
  const [text, setText] = useState('');
  const handles = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const set = (next: readonly string[]): void => {
    form.set(path, next.length > 0 || field.isRequired ? [...new Set(next)] : undefined);
  };
  const addTyped = (): void => {
    const typed = text.split(/[\s,;]+/).filter((part) => part !== '');
    if (typed.length > 0) set([...handles, ...typed]);
    setText('');
  };
  const id = formatPath(path);
  return (
    <fieldset className="payload-group">
      <legend>
        {field.label.replace(/ handle$/, 's')}
        {!field.isRequired && <span className="secondary"> optional</span>}
      </legend>
      <span className="hint">{field.description}</span>
      <ul className="chosen-assets">
        {handles.map((handle, index) => (
          <li key={handle}>
            <span className="break">
              {known.get(handle)?.name ?? ''} <code>{handle}</code>
            </span>
            <IconButton
              look="quiet"
              icon="close"
              label={`Remove ${known.get(handle)?.name ?? handle}`}
              onClick={() => set(handles.toSpliced(index, 1))}
            />
            <Issues path={[...path, index]} />
          </li>
        ))}
      </ul>
      <span className="picked">
        <input
          id={id}
          className="input"
          aria-label={`${field.label}: add handles`}
          placeholder="a|123"
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onBlur={addTyped}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            addTyped();
          }}
        />
        <Button icon="assets" onClick={() => setIsOpen(true)}>
          Choose…
        </Button>
      </span>
      <Issues path={path} />
      <AssetDialog
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        onChoose={(rows) => {
          setKnown(new Map([...known, ...rows.map((row) => [row.assetHandle, row] as const)]));
          set([...handles, ...rows.map(({ assetHandle }) => assetHandle)]);
        }}
      />
      {handles.length > 0 && <span className="secondary">{formatCount(handles.length, 'asset')}</span>}
    </fieldset>
  );
}
