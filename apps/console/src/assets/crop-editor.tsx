import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { apiUrl } from '../api/api-client.ts';
import { useApiMutation } from '../api/api-context.tsx';
import type { AssetRow, CropRectangle, SmartCropInfo } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useToast } from '../components/toast.tsx';
import { GuardedButton, whyNot } from '../session/guarded-button.tsx';
import { useSession } from '../session/session-context.tsx';
import { type CropGrip, describeCrop, dragCrop, isSameCrop, nudgeCrop } from './crop-geometry.ts';

const GRIPS = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const;
const STEP = 0.01;
const BIG_STEP = 0.05;

/** The smart crops of an image, to look at and to move: by pointer, by arrows, or by numbers. */
export function CropEditor({ row, crops }: { row: AssetRow; crops: readonly SmartCropInfo[] }): ReactNode {
  const session = useSession();
  const [chosen, setChosen] = useState(crops[0]?.handle ?? '');
  const [moved, setMoved] = useState<ReadonlyMap<string, CropRectangle>>(new Map());
  const save = useApiMutation('assets/crops', ['asset']);
  const toast = useToast();
  const crop = crops.find(({ handle }) => handle === chosen) ?? crops[0];
  if (crop === undefined) {
    return (
      <Card title="Smart crops">
        <p className="secondary">The image has none. The service makes them when it processes an upload.</p>
      </Card>
    );
  }
  const rect = moved.get(crop.handle) ?? crop.rect;
  const changed = crops.filter(({ handle, rect: before }) => {
    const now = moved.get(handle);
    return now !== undefined && !isSameCrop(now, before);
  });
  const set = (next: CropRectangle): void => setMoved(new Map(moved).set(crop.handle, next));
  const obstacle =
    changed.length === 0 ? 'nothing has changed' : save.isPending ? 'it is being saved' : undefined;

  const store = async (): Promise<void> => {
    try {
      const { summary, outcomes } = await save.mutateAsync({
        assetHandle: row.assetHandle,
        crops: changed.map(({ handle, rect: before }) => ({ handle, rect: moved.get(handle) ?? before })),
      });
      const names = new Map(crops.map(({ handle, name }) => [handle, name]));
      toast.report(
        summary,
        outcomes.map((outcome) => ({ ...outcome, name: outcome.name ?? names.get(outcome.handle) })),
      );
      // What failed stays moved.
      const failed = new Set(outcomes.filter(({ ok }) => !ok).map(({ handle }) => handle));
      setMoved(new Map([...moved].filter(([handle]) => failed.has(handle))));
    } catch (error) {
      toast.fail(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <Card
      title="Smart crops"
      tools={
        <Tabs
          label="Crop"
          value={crop.handle}
          tabs={crops.map(({ handle, name }) => ({ value: handle, label: name }))}
          onChange={setChosen}
        />
      }
    >
      <Stage
        row={row}
        name={crop.name}
        rect={rect}
        isFixed={whyNot(session, 'smartCrops') !== undefined || whyNot(session, 'changeAssets') !== undefined}
        onChange={set}
      />
      <div className="crop-numbers">
        <Percent
          label="Left"
          value={rect.leftN}
          onChange={(leftN) => set(dragCrop(rect, 'move', leftN - rect.leftN, 0))}
        />
        <Percent
          label="Top"
          value={rect.topN}
          onChange={(topN) => set(dragCrop(rect, 'move', 0, topN - rect.topN))}
        />
        <Percent
          label="Width"
          value={rect.widthN}
          onChange={(widthN) => {
            const change = widthN - rect.widthN;
            set(dragCrop(rect, 'bottomRight', change, (change * rect.heightN) / rect.widthN));
          }}
        />
        <Button
          disabled={isSameCrop(rect, crop.rect)}
          onClick={() => setMoved(new Map([...moved].filter(([handle]) => handle !== crop.handle)))}
        >
          As before
        </Button>
        <GuardedButton needs="changeAssets" look="primary" obstacle={obstacle} onClick={() => void store()}>
          {changed.length > 1 ? `Save ${changed.length} crops` : 'Save the crop'}
        </GuardedButton>
      </div>
      <p className="secondary">
        Drag the frame, or focus it and use the arrows; with Shift they change its size. The shape stays,
        because it is that of a screen.
      </p>
    </Card>
  );
}

function Stage({
  row,
  name,
  rect,
  isFixed,
  onChange,
}: {
  row: AssetRow;
  name: string;
  rect: CropRectangle;
  isFixed: boolean;
  onChange: (rect: CropRectangle) => void;
}): ReactNode {
  const stage = useRef<HTMLDivElement>(null);
  const drag = useRef<{ grip: CropGrip; x: number; y: number; rect: CropRectangle }>(undefined);
  const begin = (event: PointerEvent<HTMLElement>, grip: CropGrip): void => {
    if (isFixed || event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { grip, x: event.clientX, y: event.clientY, rect };
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    const box = stage.current?.getBoundingClientRect();
    if (drag.current === undefined || box === undefined || box.width === 0) return;
    const { grip, x, y, rect: from } = drag.current;
    onChange(dragCrop(from, grip, (event.clientX - x) / box.width, (event.clientY - y) / box.height));
  };
  const end = (): void => {
    drag.current = undefined;
  };
  const percent = (value: number): string => `${value * 100}%`;
  return (
    <div ref={stage} className="crop-stage">
      <img
        src={apiUrl('asset/image', { handle: row.assetHandle, size: 1000 })}
        alt={row.name}
        draggable={false}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a frame over a picture has no element of its own. */}
      <div
        role="group"
        aria-roledescription="crop frame"
        aria-label={`${name}: ${describeCrop(rect)}`}
        className="crop-box"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrows move the frame.
        tabIndex={0}
        style={{
          left: percent(rect.leftN),
          top: percent(rect.topN),
          width: percent(rect.widthN),
          height: percent(rect.heightN),
        }}
        onPointerDown={(event) => begin(event, 'move')}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={(event) => {
          if (isFixed) return;
          const step = event.altKey ? BIG_STEP : STEP;
          const next = nudgeCrop(rect, event.key, { isResizing: event.shiftKey, step });
          if (next === undefined) return;
          event.preventDefault();
          onChange(next);
        }}
      >
        {!isFixed &&
          GRIPS.map((grip) => (
            <span
              key={grip}
              className={`crop-grip ${grip}`}
              aria-hidden="true"
              onPointerDown={(event) => begin(event, grip)}
              onPointerMove={move}
              onPointerUp={end}
              onPointerCancel={end}
            />
          ))}
      </div>
    </div>
  );
}

function Percent({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}): ReactNode {
  return (
    <label className="field">
      <span className="label">{label}, %</span>
      <input
        className="input"
        type="number"
        min={0}
        max={100}
        step={0.1}
        value={Math.round(value * 1000) / 10}
        onChange={(event) => {
          const next = event.target.valueAsNumber;
          if (Number.isFinite(next)) onChange(next / 100);
        }}
      />
    </label>
  );
}
