// Removes what builds and tests leave behind; sources and node_modules stay.
import { readdirSync, rmSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const folders = ['packages', 'apps'].flatMap((workspace) => {
  try {
    return readdirSync(new URL(`${workspace}/`, root)).map((name) => `${workspace}/${name}/`);
  } catch {
    return [];
  }
});
for (const folder of ['', ...folders]) {
  for (const made of ['dist', '.turbo', 'test-results', 'coverage', 'node_modules/.cache']) {
    rmSync(new URL(`${folder}${made}`, root), { recursive: true, force: true });
  }
}
