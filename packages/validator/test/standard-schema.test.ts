// Validators in the hands of libraries that know nothing of them but Standard Schema.

import * as all from '@ips-sdk/validator';
import { type SchemaName, validator } from '@ips-sdk/validator';
import { validateActiveJob } from '@ips-sdk/validator/ActiveJob';
import { validateSubmitJobParam } from '@ips-sdk/validator/submitJobParam';
import { initTRPC, TRPCError } from '@trpc/server';
import { describe, expect, expectTypeOf, it } from 'vitest';

const stop = { companyHandle: 'c|6', jobHandle: 'j|6|Nightly|' };

/** What the specification demands of `~standard`, read as it is written at https://standardschema.dev. */
function meetsSpecification(schema: unknown): void {
  const { '~standard': standard } = schema as { readonly '~standard': Record<string, unknown> };
  expect(standard['version']).toBe(1);
  expect(standard['vendor']).toBe('ips-sdk');
  const validate = standard['validate'] as (value: unknown) => {
    readonly value?: unknown;
    readonly issues?: readonly { readonly message: unknown; readonly path?: readonly unknown[] }[];
  };
  // A failure has issues, each with a message and, here, always a path of keys.
  const { issues = [] } = validate(Symbol('nothing of the contract'));
  expect(issues.length).toBeGreaterThan(0);
  for (const { message, path = [] } of issues) {
    expect(message).toBeTypeOf('string');
    for (const key of path) expect(['string', 'number']).toContain(typeof key);
  }
}

describe('every validator is a Standard Schema', () => {
  it('by its own name and by that of validate', () => {
    const names = Object.keys(all).filter((name) => /^validate[A-Z]/.test(name));
    expect(names.length).toBeGreaterThan(500);
    for (const name of names) {
      const own = (all as unknown as Record<string, typeof validateActiveJob>)[name];
      meetsSpecification(own);
      meetsSpecification(own?.strict);
      const plain = name.replace('validate', '') as SchemaName;
      meetsSpecification(validator(plain));
      meetsSpecification(validator((plain.charAt(0).toLowerCase() + plain.slice(1)) as SchemaName).strict);
    }
  });

  it('with the type that it validates as input and output', () => {
    type Types = NonNullable<(typeof validateSubmitJobParam)['~standard']['types']>;
    expectTypeOf<Types['output']['jobName']>().toEqualTypeOf<string>();
    expectTypeOf<Types['input']>().toEqualTypeOf<Types['output']>();
    const byName = validator('submitJobParam');
    expectTypeOf(byName).toEqualTypeOf(validateSubmitJobParam);
    expectTypeOf(validator('ActiveJob')).toEqualTypeOf(validateActiveJob);
  });

  it('returns the value itself, or issues with the keys that lead to them', () => {
    const { validate } = validator('stopJobParam')['~standard'];
    expect(validate(stop)).toEqual({ value: stop });
    expect((validate(stop) as { value: unknown }).value).toBe(stop);
    const job = {
      companyHandle: 'c|6',
      jobName: 'Shoes',
      uploadUrlsJob: {
        urlArray: [{ sourceUrl: 'https://example.com/a.tif', destPath: 'a.tif' }, { destPath: 5 }],
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
      },
    };
    expect(validateSubmitJobParam['~standard'].validate(job).issues).toEqual([
      {
        message: 'uploadUrlsJob.urlArray[1].sourceUrl is missing; it is required',
        path: ['uploadUrlsJob', 'urlArray', 1, 'sourceUrl'],
      },
      {
        message: 'uploadUrlsJob.urlArray[1].destPath is 5; expected a string',
        path: ['uploadUrlsJob', 'urlArray', 1, 'destPath'],
      },
    ]);
  });

  it('passes over warnings, which the strict one has as issues', () => {
    const newer = { ...stop, 7: 'x' };
    expect(validator('stopJobParam')['~standard'].validate(newer)).toEqual({ value: newer });
    const { strict } = validator('stopJobParam');
    expect(strict['~standard'].validate(newer).issues).toEqual([
      { message: '[7] is not a field of the contract', path: ['7'] },
    ]);
    expect(strict.strict).toBe(strict);
    expect([strict(newer).valid, strict(newer, { mode: 'lenient' }).valid]).toEqual([false, true]);
    const folder = { folderHandle: 'f|x/' };
    let deep: object = folder;
    for (let i = 0; i < 1_000_000; i += 1) deep = { subfolderArray: [deep] };
    expect(validator('Folder')['~standard'].validate(deep).issues).toHaveLength(1);
  });

  it('lists the errors behind more warnings than anybody reads', () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, i]));
    const { issues } = validator('stopJobParam')['~standard'].validate({ ...fields, ...stop, jobHandle: 7 });
    expect(issues?.map(({ path }) => path)).toEqual([['jobHandle']]);
  });
});

describe('other libraries take validators as they are', () => {
  it('tRPC validates what a procedure is called with', async () => {
    const { router, procedure, createCallerFactory } = initTRPC.create();
    const app = router({
      stop: procedure.input(validator('stopJobParam').strict).query(({ input }) => input.jobHandle),
    });
    const caller = createCallerFactory(app)({});
    expect(await caller.stop(stop)).toBe('j|6|Nightly|');
    const refused = await caller.stop({ ...stop, jobHandle: 7 } as never).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TRPCError);
    expect(refused).toMatchObject({
      code: 'BAD_REQUEST',
      cause: { issues: [{ message: 'jobHandle is 7; expected a string', path: ['jobHandle'] }] },
    });
  });

  it('Vitest matches by them', () => {
    expect({ sent: stop }).toEqual({ sent: expect.schemaMatching(validator('stopJobParam')) });
    expect({ sent: {} }).not.toEqual({ sent: expect.schemaMatching(validator('stopJobParam')) });
  });
});
