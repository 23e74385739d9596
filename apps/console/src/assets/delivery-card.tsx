import { type ReactNode, useEffect, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { AssetRow, DeliveryPreview } from '../api/contract.ts';
import { IconButton } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Pill } from '../components/pill.tsx';
import { type CommandPair, formatCommands, parseCommands, SUGGESTED } from './delivery-commands.ts';

/** Milliseconds without a change after which the picture follows. */
const PAUSE = 400;

/** The picture as its URL delivers it, and the URL taken apart, to play with. */
export function DeliveryCard({
  row,
  delivery,
  presets,
}: {
  row: AssetRow;
  delivery: DeliveryPreview;
  presets: readonly string[];
}): ReactNode {
  const [pairs, setPairs] = useState<readonly CommandPair[]>(() => parseCommands(queryOf(delivery.url)));
  const [commands, setCommands] = useState(() => formatCommands(pairs));
  const typed = formatCommands(pairs);
  useEffect(() => {
    const timer = setTimeout(() => setCommands(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  const query = useApi('asset/preview', { handle: row.assetHandle, commands }, { keepPrevious: true });
  const shown = query.data ?? delivery;
  const set = (index: number, change: Partial<CommandPair>): void =>
    setPairs(pairs.map((pair, place) => (place === index ? { ...pair, ...change } : pair)));
  const unused = SUGGESTED.filter(({ name }) => !pairs.some((pair) => pair.name === name));

  return (
    <Card
      title="Delivery"
      tools={
        shown.isPublished ? <Pill tone="ok">Published</Pill> : <Pill tone="wait">Not published yet</Pill>
      }
    >
      <Picture src={shown.image} name={row.name} hasAlpha={row.hasAlpha === true} />
      <p className="url-line">
        <code className="break">{shown.url}</code>
        <CopyButton text={shown.url} what="the URL" />
      </p>
      {query.error !== null && (
        <p className="problem" role="status">
          {query.error.message}
        </p>
      )}
      <fieldset className="commands">
        <legend className="hidden-text">Commands of the URL</legend>
        {pairs.map((pair, index) => {
          const command = shown.commands.find(({ name }) => name.toLowerCase() === pair.name.toLowerCase());
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a command is its place in the URL.
            <div key={index} className="command-row">
              <input
                className="input mono"
                aria-label={`Command ${index + 1}`}
                value={pair.name}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => set(index, { name: event.target.value })}
              />
              <input
                className="input mono"
                aria-label={`Value of ${pair.name === '' ? `command ${index + 1}` : pair.name}`}
                value={pair.value}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => set(index, { value: event.target.value })}
              />
              <span className={command?.isKnown === false ? 'caution' : 'secondary'}>
                {command?.isKnown === false ? 'this server does not have it' : (command?.meaning ?? '')}
              </span>
              <IconButton
                look="quiet"
                icon="close"
                label={`Remove ${pair.name}`}
                onClick={() => setPairs(pairs.toSpliced(index, 1))}
              />
            </div>
          );
        })}
        <div>
          <label>
            <span className="hidden-text">Add a command</span>
            <select
              className="select"
              value=""
              onChange={(event) => {
                const { value } = event.target;
                const suggestion = SUGGESTED.find(({ name }) => name === value);
                const preset = value.startsWith('$') ? { name: value, value: '' } : undefined;
                setPairs([...pairs, suggestion ?? preset ?? { name: '', value: '' }]);
              }}
            >
              <option value="">Add a command…</option>
              {unused.map(({ name, value }) => (
                <option key={name} value={name}>
                  {name}={value}
                </option>
              ))}
              <option value="other">another…</option>
              {presets.length > 0 && (
                <optgroup label="Image presets">
                  {presets.map((name) => (
                    <option key={name} value={`$${name}$`}>
                      ${name}$
                    </option>
                  ))}
                </optgroup>
              )}
            </select>
          </label>
        </div>
      </fieldset>
    </Card>
  );
}

function Picture({ src, name, hasAlpha }: { src: string; name: string; hasAlpha: boolean }): ReactNode {
  const [failed, setFailed] = useState<string>();
  return (
    <div className={hasAlpha ? 'preview-frame checkerboard' : 'preview-frame'}>
      {failed === src ? (
        <p className="secondary">These commands give no picture.</p>
      ) : (
        <img src={src} alt={`${name} as it is delivered`} onError={() => setFailed(src)} />
      )}
    </div>
  );
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}
