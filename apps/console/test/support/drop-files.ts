import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** A file to drop; folders in front of its name are dropped as folders. */
export interface DroppedFile {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Drops files and folders of the disk onto an element, as a file manager does: through the debugger of the browser, so that the page reads
 * real entries.
 *
 * @returns What the page made of it: `open` is the browser's own way, which leaves the page and shows the file.
 */
export async function dropFiles(
  page: Page,
  selector: string,
  files: readonly DroppedFile[],
): Promise<'taken' | 'refused' | 'open'> {
  const directory = mkdtempSync(join(tmpdir(), 'console-drop-'));
  // The page may read the files after the drop.
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const { path, content } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  const tops = [...new Set(files.map(({ path }) => join(directory, path.split('/')[0] ?? '')))];
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`${selector} is not shown`);
  await page.evaluate(() => {
    // After the listeners of the page.
    addEventListener(
      'dragover',
      (event) => {
        const isRefused = event.dataTransfer?.dropEffect === 'none';
        document.documentElement.dataset['drop'] = !event.defaultPrevented
          ? 'open'
          : isRefused
            ? 'refused'
            : 'taken';
      },
      { once: true },
    );
  });
  const debuggerOf = await page.context().newCDPSession(page);
  const data = { items: [], files: tops, dragOperationsMask: 1 };
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await debuggerOf.send('Input.dispatchDragEvent', { type, ...place, data });
  await debuggerOf.detach();
  const made = await page.evaluate(() => document.documentElement.dataset['drop']);
  return made === 'taken' || made === 'refused' ? made : 'open';
}
