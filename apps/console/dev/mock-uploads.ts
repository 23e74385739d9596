import type { UploadRequest, UploadState } from '../src/api/contract.ts';
import { MOCK_NOW, mockRows } from './mock-jobs.ts';

/** How long the host keeps an upload. */
const KEPT = 86_400_000;

export function beginUpload({ files, jobName = 'Upload' }: UploadRequest): UploadState {
  return {
    id: 'u1',
    phase: 'receiving',
    chunkBytes: 65_536,
    files: files.map((file) => ({
      ...file,
      received: 0,
      status: file.size === 0 ? 'received' : 'receiving',
      warnings: [],
    })),
    received: 0,
    total: files.reduce((sum, { size }) => sum + size, 0),
    jobName,
    expires: new Date(MOCK_NOW + KEPT).toISOString(),
  };
}

export function receive(state: UploadState, query: URLSearchParams): UploadState {
  const index = Number(query.get('file'));
  const files = state.files.map((file, place) => {
    if (place !== index) return file;
    const received = Math.min(file.size, Number(query.get('offset')) + state.chunkBytes);
    return { ...file, received, status: received === file.size ? ('succeeded' as const) : file.status };
  });
  const received = files.reduce((sum, file) => sum + file.received, 0);
  return {
    ...state,
    files,
    received,
    phase: received === state.total ? 'done' : 'receiving',
    jobHandle: mockRows(1)[0]?.handle,
  };
}
