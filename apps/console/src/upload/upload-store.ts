import { useSyncExternalStore } from 'react';
import type { ApiClient } from '../api/api-client.ts';
import type { UploadRequest, UploadState } from '../api/contract.ts';
import { readStored, writeStored } from '../components/storage.ts';
import type { ChosenFile } from './upload-plan.ts';
import { isOver } from './upload-plan.ts';
import { type RunnerState, UploadRunner } from './upload-runner.ts';

const KEY = 'uploads';

/** An upload as the page shows it. */
export interface ShownUpload {
  readonly key: string;
  readonly folder: string;
  readonly state: RunnerState;
  readonly runner: UploadRunner;
}

/** What the browser keeps of an upload, to resume it after the page was loaded again. */
interface Kept {
  readonly id: string;
  readonly folder: string;
  /** Profile, user and company: nobody else sees it. */
  readonly owner: string;
}

/** The uploads of this page. They continue while one looks at other pages. */
class UploadStore {
  #shown: readonly ShownUpload[] = [];
  #owner = '';
  #next = 1;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): readonly ShownUpload[] => this.#shown;

  /** Shows the uploads of a viewer, those of an earlier page included. */
  open(client: ApiClient, owner: string): void {
    if (this.#owner === owner) return;
    for (const { runner } of this.#shown) runner.pause();
    this.#owner = owner;
    this.#shown = [];
    for (const { id, folder } of readKept().filter((kept) => kept.owner === owner)) {
      void this.#add(client, folder).resume(id);
    }
    this.#changed();
  }

  start(client: ApiClient, request: Omit<UploadRequest, 'files'>, files: readonly ChosenFile[]): void {
    void this.#add(client, request.folder).start(request, files);
  }

  dismiss(key: string): void {
    this.#shown = this.#shown.filter((upload) => upload.key !== key);
    this.#changed();
  }

  /** An event of the host. */
  update(state: UploadState): void {
    for (const { runner } of this.#shown) runner.update(state);
  }

  #add(client: ApiClient, folder: string): UploadRunner {
    const key = `upload-${this.#next++}`;
    const runner = new UploadRunner({
      client,
      onChange: (state) => {
        this.#shown = this.#shown.map((upload) => (upload.key === key ? { ...upload, state } : upload));
        this.#changed();
      },
    });
    this.#shown = [...this.#shown, { key, folder, state: runner.state, runner }];
    this.#changed();
    return runner;
  }

  #changed(): void {
    const mine: readonly Kept[] = this.#shown.flatMap(({ folder, state: { upload, activity } }) =>
      upload === undefined || isOver(upload) || activity === 'over'
        ? []
        : [{ id: upload.id, folder, owner: this.#owner }],
    );
    const waiting = this.#shown.some(({ state }) => state.upload === undefined && state.activity !== 'over');
    // An upload that has not been read yet must not be forgotten.
    if (!waiting) keep([...readKept().filter(({ owner }) => owner !== this.#owner), ...mine]);
    for (const listener of this.#listeners) listener();
  }
}

export const uploadStore = new UploadStore();

export function useUploads(): readonly ShownUpload[] {
  return useSyncExternalStore(uploadStore.subscribe, uploadStore.snapshot);
}

function readKept(): readonly Kept[] {
  try {
    const value: unknown = JSON.parse(readStored(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter(isKept).slice(0, 20) : [];
  } catch {
    return [];
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { id, folder, owner } = value as Partial<Record<keyof Kept, unknown>>;
  return typeof id === 'string' && typeof folder === 'string' && typeof owner === 'string';
}

function keep(uploads: readonly Kept[]): void {
  const text = uploads.length === 0 ? undefined : JSON.stringify(uploads);
  if (text !== readStored(KEY)) writeStored(KEY, text);
}
