import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { CheckLine } from '../components/fields.tsx';
import { useStored } from '../components/storage.ts';
import { KeyMap, type Shortcut } from './key-map.ts';
import './shortcuts.css';

const KeyMapContext = createContext<KeyMap | undefined>(undefined);

/** Listens to keys, and shows the help for `?`. */
export function ShortcutsProvider({ children }: { children: ReactNode }): ReactNode {
  const [map] = useState(() => new KeyMap());
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [off, setOff] = useStored('shortcuts-off');
  const isOn = off === undefined;

  useEffect(() => {
    const help = map.add({ keys: '?', label: 'Show the keys', run: () => setIsHelpOpen(true) });
    return help;
  }, [map]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      // Keys such as Enter belong to whatever has the focus. A dialog has keys of its own.
      if (takesText(event.target) || document.querySelector('dialog[open]') !== null) return;
      if (!isOn && event.key !== 'Escape' && event.key !== '?') return;
      if (event.key === 'Enter' && isControl(event.target)) return;
      const shortcut = map.press(event, event.timeStamp);
      if (shortcut === undefined) return;
      event.preventDefault();
      shortcut.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [map, isOn]);

  return (
    <KeyMapContext value={map}>
      {children}
      <Dialog title="Keys" isOpen={isHelpOpen} onClose={() => setIsHelpOpen(false)}>
        <dl className="keys">
          {isHelpOpen &&
            map.list().map(({ keys, label }) => (
              <div key={keys}>
                <dt>
                  {keys.split(' ').map((key) => (
                    <kbd key={key}>{key === 'Escape' ? 'Esc' : key}</kbd>
                  ))}
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
        </dl>
        <CheckLine checked={isOn} onChange={(event) => setOff(event.target.checked ? undefined : 'true')}>
          Single keys are shortcuts. Switch them off if they get in the way of speech input.
        </CheckLine>
      </Dialog>
    </KeyMapContext>
  );
}

/** Gives keys a meaning while the component is there. `run` may change with every rendering. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const map = useContext(KeyMapContext);
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const names = shortcuts.map(({ keys, label }) => `${keys}\n${label}`).join('\0');
  useEffect(() => {
    if (map === undefined || names === '') return;
    const removers = names.split('\0').map((name) => {
      const [keys = '', label = ''] = name.split('\n');
      const run = (): void => latest.current.find((shortcut) => shortcut.keys === keys)?.run();
      return map.add({ keys, label, run });
    });
    return () => {
      for (const remove of removers) remove();
    };
  }, [map, names]);
}

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  if (target.closest('[role="menu"], [role="listbox"], [role="slider"]') !== null) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  );
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button, input, summary') !== null;
}
