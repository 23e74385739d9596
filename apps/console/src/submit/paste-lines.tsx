import { type ReactNode, useId, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { formatCount } from '../format/number.ts';
import type { Definitions, FormField } from './form-field.ts';
import { itemsOfLines, lineFields } from './pasted-lines.ts';

/** Adds many items of a list at once, one for each line of a text. */
export function PasteLines({
  list,
  definitions,
  items,
  onAdd,
}: {
  list: FormField;
  definitions: Definitions;
  /** Those that are there. */
  items: readonly unknown[];
  onAdd: (added: readonly unknown[]) => void;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const id = useId();
  const fields = lineFields(list, definitions);
  if (fields.length === 0) return null;
  const found = read();
  const close = (): void => setIsOpen(false);
  const labels = fields.map(({ label }) => label);

  function read(): { readonly items: readonly unknown[]; readonly problem: string | undefined } {
    try {
      return { items: itemsOfLines(text, list, definitions, items), problem: undefined };
    } catch (error) {
      return { items: [], problem: error instanceof Error ? error.message : String(error) };
    }
  }

  return (
    <>
      <Button
        onClick={() => {
          setText('');
          setIsOpen(true);
        }}
      >
        Paste several lines…
      </Button>
      <Dialog
        title={`Add to ${list.label}`}
        isOpen={isOpen}
        onClose={close}
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button
              look="primary"
              disabled={found.items.length === 0}
              onClick={() => {
                onAdd(found.items);
                close();
              }}
            >
              Add {formatCount(found.items.length, 'line')}
            </Button>
          </>
        }
      >
        <div className="field">
          <label htmlFor={id}>One item in each line</label>
          <textarea
            id={id}
            className="input mono"
            rows={10}
            spellCheck={false}
            aria-invalid={found.problem !== undefined}
            aria-describedby={`${id}-hint ${id}-problem`}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="hint" id={`${id}-hint`}>
            {labels.length > 1 ? `${labels.join(', ')}, separated by tabs. ` : ''}
            {fields.slice(1).some(({ form }) => form === 'path')
              ? 'Without a path, a file keeps its name, in the folder of the item above.'
              : ''}
          </span>
          <span className="problem" id={`${id}-problem`} role="status">
            {found.problem}
          </span>
        </div>
      </Dialog>
    </>
  );
}
