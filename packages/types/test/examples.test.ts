import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { getLanguageService, type SchemaRequestService, TextDocument } from 'vscode-json-languageservice';
import { describeExamples } from '../../../scripts/testing/describe-examples.js';

const examples = describeExamples(new URL('../', import.meta.url));

/** What an editor does with a JSON file that names its schema, in the folder of a project that has the package. */
function editor(text: string) {
  const packaged = fileURLToPath(new URL('../', import.meta.url));
  const schemaRequestService: SchemaRequestService = async (uri) =>
    readFileSync(uri.replace('file:///project/node_modules/@ips-sdk/types/', packaged), 'utf8');
  const service = getLanguageService({
    schemaRequestService,
    workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
  });
  service.configure({ validate: true });
  const document = TextDocument.create('file:///project/job.json', 'json', 1, text);
  const json = service.parseJSONDocument(document);
  return {
    problems: async () => (await service.doValidation(document, json)).map((d) => d.message),
    completions: async (behind: string) => {
      const position = document.positionAt(text.indexOf(behind) + behind.length);
      return ((await service.doComplete(document, position, json))?.items ?? []).map((item) => item.label);
    },
    hover: async (over: string) => {
      const contents = (await service.doHover(document, document.positionAt(text.indexOf(over) + 1), json))
        ?.contents;
      return JSON.stringify(contents);
    },
  };
}

describe('a JSON file that names its schema', () => {
  const [example] = examples.filter(({ language }) => language === 'json');
  const text = example?.code ?? '';

  it('has no problems in the form that the README shows', async () => {
    expect(text).toContain('"$schema"');
    expect(await editor(text).problems()).toEqual([]);
  });

  it('is completed and explained by the language service of Visual Studio Code', async () => {
    expect(await editor(text).completions('"publishType": ')).toEqual(
      expect.arrayContaining(['"Full"', '"FullWithSearch"', '"Incremental"']),
    );
    const fields = text.replace('"jobName"', '\n  \n  "jobName"');
    expect(await editor(fields).completions('"c|6",\n')).toEqual(
      expect.arrayContaining(['execTime', 'uploadUrlsJob', 'locale']),
    );
    expect(await editor(text).hover('"execSchedule"')).toContain('Recurring schedule');
  });

  it('shows mistakes', async () => {
    expect(await editor(text.replace('jobName', 'jobname')).problems()).toEqual([
      'Missing property "jobName".',
      'Property jobname is not allowed.',
    ]);
    expect((await editor(text.replace('"Full"', '"Fool"')).problems())[0]).toMatch(
      /Value is not accepted.*"Full"/,
    );
  });
});
