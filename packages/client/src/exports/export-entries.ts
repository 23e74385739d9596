/** A file saved from a link. */
export interface SavedFile {
  readonly link: string;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/** An entry in the journal of an export. */
export type ExportEntry =
  /** A job with these assets is about to be submitted. */
  | {
      readonly type: 'job';
      readonly name: string;
      readonly assets: readonly string[];
      /** The handle of an earlier job of this name. */
      readonly before?: string | undefined;
      /** Time of the submission by the service's clock, in milliseconds. */
      readonly submittedAt: number;
    }
  /** The service accepted the job. */
  | { readonly type: 'submitted'; readonly name: string; readonly handle: string }
  /** The service rejected the job. */
  | { readonly type: 'refused'; readonly name: string }
  /** The files of the job were saved. */
  | { readonly type: 'saved'; readonly name: string; readonly files: readonly SavedFile[] }
  /** All jobs have ended. */
  | { readonly type: 'end'; readonly at: string };

/** A job of an interrupted export. */
export interface EarlierExport {
  readonly name: string;
  readonly assets: readonly string[];
  readonly before: string | undefined;
  readonly submittedAt: number;
  readonly handle: string | undefined;
  readonly saved: readonly SavedFile[];
}

/** The jobs of an interrupted export, in order. */
export function earlierExports(entries: readonly ExportEntry[]): EarlierExport[] {
  const jobs = new Map<string, EarlierExport>();
  for (const entry of entries) {
    if (entry.type === 'end') continue;
    if (entry.type === 'job') {
      const { name, assets, before, submittedAt } = entry;
      jobs.set(name, { name, assets, before, submittedAt, handle: undefined, saved: [] });
      continue;
    }
    const job = jobs.get(entry.name);
    if (job === undefined) continue;
    if (entry.type === 'refused') jobs.delete(job.name);
    else if (entry.type === 'submitted') jobs.set(job.name, { ...job, handle: entry.handle });
    else jobs.set(job.name, { ...job, saved: entry.files });
  }
  return [...jobs.values()];
}
