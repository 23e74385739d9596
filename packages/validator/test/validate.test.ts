import { validate } from '@ips-sdk/validator';
import { validateGetActiveJobsReturn } from '@ips-sdk/validator/GetActiveJobsReturn';
import { describe, expect, it } from 'vitest';

const job = {
  companyHandle: 'c|6',
  jobName: 'Spring shoes',
  uploadUrlsJob: {
    urlArray: [{ sourceUrl: 'https://www.example.com/a.tif?x=1&y=2', destPath: 'MyCompany/a.tif' }],
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
  },
};

const strict = (value: unknown) => validate('submitJobParam', value, { mode: 'strict' });
const messages = (value: unknown) => strict(value).errors.map((e) => e.message);

describe('validate', () => {
  it('finds nothing in a good request, dates as text or Date', () => {
    expect(strict(job)).toEqual({ valid: true, errors: [], warnings: [], truncated: false });
    expect(strict({ ...job, execTime: '2014-04-03T22:00:00.000-07:00' }).valid).toBe(true);
    expect(strict({ ...job, execTime: new Date() }).valid).toBe(true);
    expect(strict({ ...job, $schema: './submitJobParam.json' }).valid).toBe(true);
    expect(strict({ ...job, locale: undefined }).valid).toBe(true);
  });

  it('knows names by type and by element, and suggests the nearest for a wrong one', () => {
    expect(validate('SubmitJobParam', job).valid).toBe(true);
    expect(() => validate('submitJabParam' as never, job)).toThrow(
      new RangeError('the contract has no type or message "submitJabParam"; did you mean SubmitJobParam?'),
    );
    expect(() => validate('constructor' as never, job)).toThrow(RangeError);
    expect(() => validate('__proto__' as never, job)).toThrow(RangeError);
    for (const [name, found] of [
      [null, 'null'],
      [undefined, 'a value of type undefined'],
      [{}, 'a value of type object'],
    ])
      expect(() => validate(name as never, job)).toThrow(
        new RangeError(`name: expected the name of a type or message, found ${found}`),
      );
  });

  it('names the path, the value and what was expected', () => {
    const value = structuredClone(job);
    value.uploadUrlsJob.urlArray.push({ sourceUrl: 'shoes.tif', destPath: 5 as never });
    expect(strict(value).errors).toEqual([
      {
        code: 'unusual-form',
        path: 'uploadUrlsJob.urlArray[1].sourceUrl',
        value: 'shoes.tif',
        expected: 'an absolute URL',
        suggestion: undefined,
        message: 'uploadUrlsJob.urlArray[1].sourceUrl is "shoes.tif"; expected an absolute URL',
      },
      {
        code: 'type',
        path: 'uploadUrlsJob.urlArray[1].destPath',
        value: 5,
        expected: 'a string',
        suggestion: undefined,
        message: 'uploadUrlsJob.urlArray[1].destPath is 5; expected a string',
      },
    ]);
  });

  it('suggests the nearest field for a typo, and the name on the wire for a documented one', () => {
    expect(messages({ ...job, exectime: '2014-04-03T22:00:00Z' })).toEqual([
      'exectime is not a field of the contract; did you mean execTime?',
    ]);
    const { uploadUrlsJob: _, ...rest } = job;
    expect(messages({ ...rest, imageServingRenderJob: { emailSetting: 'None' } })).toContain(
      'imageServingRenderJob is not a field of the contract; did you mean imageRenderingPublishJob?',
    );
  });

  it('finds an unknown field also when its count makes up for a missing one', () => {
    const { jobName: _, ...rest } = job;
    expect(messages({ ...rest, jobname: 'x' })).toEqual([
      'jobName is missing; it is required',
      'jobname is not a field of the contract; did you mean jobName?',
    ]);
  });

  it('reports everything at once', () => {
    const found = messages({ jobName: 1, locale: 'english', exportJob: { fmt: 'convert' }, nope: 1 });
    expect(found).toEqual([
      'companyHandle is missing; it is required',
      'jobName is 1; expected a string',
      'locale is "english"; expected a locale such as en-US',
      'exportJob.assetHandleArray is missing; it is required',
      'exportJob.emailSetting is missing; it is required',
      'nope is not a field of the contract',
    ]);
  });

  it('reports what excludes each other, with the reason', () => {
    expect(messages({ ...job, metadataPublishJob: {} })).toEqual([
      'metadataPublishJob and uploadUrlsJob are mutually exclusive. A job does exactly one kind of work.',
    ]);
    expect(messages({ companyHandle: 'c|6', jobName: 'x' })[0]).toMatch(
      /^none of imageServingPublishJob, .* is present; exactly one is required\. A job does exactly one kind of work\.$/,
    );
    expect(messages({ ...job, execTime: '2014-04-03T22:00:00Z', execSchedule: '0 0 0 * * ?' })[0]).toMatch(
      /^execTime and execSchedule are mutually exclusive/,
    );
    const value = {
      ...job,
      uploadUrlsJob: {
        ...job.uploadUrlsJob,
        manualCropOptions: { left: 1, right: 1, top: 1, bottom: 1 },
        autoTransparentCropOptions: { tolerance: 0 },
      },
    };
    expect(strict(value).errors[0]).toMatchObject({ code: 'exclusive', path: 'uploadUrlsJob' });
  });

  it('checks ranges, counts and whole numbers', () => {
    const urlArray = Array.from({ length: 1001 }, () => 'https://s7d1.scene7.com/is/image/MyCompany/a');
    const found = (value: object) =>
      validate('cdnCacheInvalidationParam', { companyHandle: 'c|6', ...value }).errors.map((e) => e.message);
    expect(found({ urlArray })).toEqual(['urlArray is an array of 1001; expected at most 1000 entries']);
    expect(found({ urlArray: [] })).toEqual(['urlArray is an array of 0; expected at least 1 entries']);
    const target = {
      companyHandle: 'c|6',
      assetHandle: 'a|1',
      name: 'x',
      xPosition: 1.5,
      yPosition: 2 ** 31,
      width: Number.NaN,
      height: 1,
    };
    expect(validate('saveZoomTargetParam', target).errors.map((e) => e.message)).toEqual([
      'xPosition is 1.5; expected a whole number',
      expect.stringMatching(/^yPosition is 2147483648; expected a number of at most/),
      expect.stringMatching(/^width is NaN; expected/),
    ]);
  });

  it('warns of what breaks a limit that no source states, which the service may know better', () => {
    const mail = { companyHandle: 'c|6', numRows: -1 };
    const limits = (mode: 'lenient' | 'strict') => {
      const { errors, warnings } = validate('getJobLogsParam', mail, { mode });
      return [errors.map((e) => e.code), warnings.map((w) => w.message)];
    };
    expect(limits('lenient')).toEqual([[], ['numRows is -1; expected a number of at least 0']]);
    expect(limits('strict')).toEqual([['undocumented-limit'], []]);
    const both = validate('getUserInfoParam', {
      userHandle: 'u|41|ann@example.com',
      email: 'ann@example.com',
    });
    expect([both.valid, both.warnings.map((w) => w.code)]).toEqual([true, ['undocumented-limit']]);
    // What is documented stays an error, and so does what an int cannot hold.
    const mask = (amount: number) => validate('UnsharpMaskOptions', { amount }).errors.map((e) => e.code);
    expect(mask(5.1)).toEqual(['range']);
    expect(validate('getJobLogsParam', { numRows: -(2 ** 31) - 1 }).errors.map((e) => e.code)).toEqual([
      'range',
    ]);
  });

  it('warns of a required field that an answer lacks, and refuses a request without it', () => {
    const { valid, warnings } = validate('getUserInfoReturn', { userInfo: { firstName: 'Ann' } });
    expect(valid).toBe(true);
    expect(warnings.map(({ code, path }) => [code, path])).toContainEqual(['required', 'userInfo.lastName']);
    expect(validate('getUserInfoReturn', {}, { mode: 'strict' }).valid).toBe(false);
    expect(validate('addUserParam', { firstName: 'Ann' }).valid).toBe(false);
  });

  it('judges dates by their form, their day and their offset', () => {
    const at = (execTime: unknown) => strict({ ...job, execTime }).errors.map((e) => e.code);
    expect(at('2014-04-03T22:00:00')).toEqual(['no-offset']);
    expect(at('2014-04-03')).toEqual(['format']);
    expect(at('2014-02-29T00:00:00Z')).toEqual(['format']);
    expect(at('2016-02-29T00:00:00Z')).toEqual([]);
    expect(at('2014-04-03T24:00:00Z')).toEqual([]);
    expect(at('2014-04-03T24:00:01Z')).toEqual(['format']);
    expect(at('2014-04-03T22:00:00.123456789+14:00')).toEqual([]);
    expect(at('2014-04-03T22:00:00+14:01')).toEqual(['format']);
    expect(at('2014-04-03 22:00:00Z')).toEqual(['format']);
    expect(at(new Date(Number.NaN))).toEqual(['type']);
    expect(at(5)).toEqual(['type']);
  });

  it('refuses a Date whose year cannot be sent', () => {
    const at = (text: string) => strict({ ...job, execTime: new Date(text) }).errors.map((e) => e.message);
    expect(at('9999-12-31T23:59:59.999Z')).toEqual([]);
    expect(at('+010000-01-01T00:00:00Z')).toEqual([
      'execTime is +010000-01-01T00:00:00.000Z; expected a Date in the years 1 to 9999',
    ]);
    expect(at('0000-12-31T00:00:00Z')).toHaveLength(1);
    const inherits = Object.create(new Date(0));
    expect(strict({ ...job, execTime: inherits }).errors.map((e) => e.code)).toEqual(['type']);
  });

  it('refuses text that XML cannot carry, in lenient mode too', () => {
    const named = (jobName: string) => validate('submitJobParam', { ...job, jobName });
    for (const text of ['a\u0000', '\u001f', '\ud800', '\udc00b', '\ufffe', '\uffff'])
      expect(named(text).errors.map((e) => [e.code, e.path])).toEqual([['character', 'jobName']]);
    for (const text of ['\t\n\r', '\u007f\u0085', '\ud83d\ude00', '\ufffd', '\ue000'])
      expect(named(text).errors).toEqual([]);
    // Behind a constant that may be newer, too.
    const { errors, warnings } = validate('submitJobParam', {
      ...job,
      uploadUrlsJob: { ...job.uploadUrlsJob, emailSetting: 'New\u0001' },
    });
    expect([errors, warnings].map((issues) => issues.map((e) => e.code))).toEqual([
      ['character'],
      ['unknown-constant'],
    ]);
  });

  it('refuses fields that an object inherits, which are not sent', () => {
    class Job {
      companyHandle = 'c|6';
      uploadUrlsJob = job.uploadUrlsJob;
      get jobName(): string {
        return 'Spring shoes';
      }
      get description(): string {
        return 'Red';
      }
    }
    const inherited = ['description', 'jobName'];
    expect(
      strict(new Job())
        .errors.map((e) => e.path)
        .sort(),
    ).toEqual(inherited);
    expect(validate('submitJobParam', new Job()).errors[0]).toMatchObject({
      code: 'inherited',
      message: 'jobName is inherited; only own properties of an object are sent',
    });
    // An unknown field does not make up for an inherited one.
    const mixed = Object.assign(Object.create({ jobName: 'x' }), { ...job, jobName: undefined, nope: 1 });
    delete mixed.jobName;
    expect(strict(mixed).errors.map((e) => e.path)).toEqual(['jobName', 'nope']);
    expect(strict(Object.assign(Object.create(null), job)).valid).toBe(true);
    const own = Object.defineProperty({ ...job }, 'jobName', { get: () => 'Spring shoes' });
    expect(strict(own).valid).toBe(true);
  });

  it('takes elements under the symbol of the codec for unknown fields', () => {
    const symbol = Symbol.for('@ips-sdk/wire unknown elements');
    const list = Object.assign([...job.uploadUrlsJob.urlArray], { [symbol]: [{ name: 'newer' }] });
    const value = {
      ...job,
      [symbol]: [{ name: 'newer' }],
      uploadUrlsJob: { ...job.uploadUrlsJob, urlArray: list },
    };
    expect(messages(value)).toEqual([
      'uploadUrlsJob.urlArray has elements that the contract lacks',
      'the value has elements that the contract lacks',
    ]);
    expect(validate('submitJobParam', value).warnings.map((e) => e.code)).toEqual([
      'unknown-field',
      'unknown-field',
    ]);
  });

  it('takes a Date in requests only', () => {
    const log = { logMessage: '', logType: 'FileBegin', dateCreated: new Date() };
    expect(validate('JobLogDetail', log).errors.map((e) => e.code)).toEqual(['type']);
  });

  it('takes bytes and base64 for binary data in requests', () => {
    const update = (compressedPacket: unknown) =>
      validate('updateXMPPacketParam', { companyHandle: 'c|6', assetHandle: 'a|1', compressedPacket }).valid;
    expect([update('aGVsbG8='), update(new Uint8Array([1])), update('not base64!'), update(5)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('shows no password or token', () => {
    const { errors } = validate('setPasswordParam', { password: 'abc' });
    expect(errors[0]?.value).toBe('[secret]');
    expect(JSON.stringify(errors)).not.toContain('abc');
    expect(
      JSON.stringify(
        validate('checkLoginParam', { email: 'ann@example.com', password: { secretly: 'abc' } }),
      ),
    ).not.toContain('abc');
  });
});

describe('lenient mode', () => {
  const newer = {
    ...job,
    priority: 5,
    companyHandle: 'company:6',
    uploadUrlsJob: { ...job.uploadUrlsJob, emailSetting: 'OnFullMoon' },
  };

  it('makes warnings of what may be newer than the package', () => {
    const lenient = validate('submitJobParam', newer);
    expect(lenient.valid).toBe(true);
    expect(lenient.errors).toEqual([]);
    expect(lenient.warnings.map((w) => w.code).sort()).toEqual([
      'unknown-constant',
      'unknown-field',
      'unusual-form',
    ]);
    expect(strict(newer).errors).toHaveLength(3);
    expect(strict(newer).warnings).toEqual([]);
  });

  it('still reports real errors', () => {
    const result = validate('submitJobParam', { ...newer, jobName: undefined });
    expect(result.valid).toBe(false);
    expect(result.errors.map((e) => e.code)).toEqual(['required']);
  });

  it('warns of what an answer lacks, which in a request is an error', () => {
    const lacking = { jobArray: [{ companyHandle: 'c|6', jobHandle: 'j|6||Shoes_1|1' }] };
    const codes = (options: object, name: 'getActiveJobsReturn' | 'getActiveJobsParam', value: object) => {
      const { errors, warnings } = validate(name, value, options);
      return [errors, warnings].map((issues) => [...new Set(issues.map(({ code }) => code))]);
    };
    expect(codes({}, 'getActiveJobsReturn', lacking)).toEqual([[], ['required']]);
    expect(codes({ mode: 'strict' }, 'getActiveJobsReturn', lacking)).toEqual([['required'], []]);
    // A type that only answers hold is judged as an answer.
    expect(validate('ActiveJob', lacking.jobArray[0]).valid).toBe(true);
    expect(codes({}, 'getActiveJobsParam', { jobHandle: 7 })).toEqual([['type'], []]);
    expect(validateGetActiveJobsReturn(lacking).valid).toBe(true);
  });
});

describe('hostile input', () => {
  it('never takes a key that could change a prototype', () => {
    const value = JSON.parse(
      '{"__proto__":{"polluted":1},"companyHandle":"c|6","jobName":"x","constructor":{"prototype":{}},"metadataPublishJob":{}}',
    );
    const result = validate('submitJobParam', value);
    expect(result.errors.map((e) => [e.code, e.path])).toEqual([
      ['forbidden-key', '__proto__'],
      ['forbidden-key', 'constructor'],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('ends in an error for values of other kinds', () => {
    for (const value of [undefined, null, 0, 'x', [], [job], () => job, Symbol('x'), 10n]) {
      expect(strict(value).valid).toBe(false);
    }
  });

  it('stops counting in ten megabytes of nonsense', () => {
    const urlArray = JSON.parse(`[${'0,'.repeat(5_000_000)}0]`);
    const result = strict({ ...job, uploadUrlsJob: { ...job.uploadUrlsJob, urlArray } });
    expect(result).toMatchObject({ valid: false, truncated: true });
    expect(result.errors).toHaveLength(100);
  });

  it('takes ten megabytes of text, and unknown fields without number', () => {
    expect(strict({ ...job, description: 'x'.repeat(10_000_000) }).valid).toBe(true);
    expect(strict({ ...job, execSchedule: `${'a '.repeat(5_000_000)}` }).valid).toBe(false);
    const fields = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`f${i}`, i]));
    expect(strict({ ...job, ...fields })).toMatchObject({ valid: false, truncated: true });
  });

  it('ends in an error for folders nested ten thousand and a million deep', () => {
    for (const depth of [10_000, 1_000_000]) {
      let folder: object = { folderHandle: 'f|x/' };
      for (let i = 0; i < depth; i += 1) folder = { subfolderArray: [folder] };
      const result = validate('Folder', folder);
      expect(result.errors.map((e) => e.code)).toEqual(['too-deep']);
    }
  });

  it('reports a truncated list as invalid when an error is among what was cut', () => {
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, i]));
    const { warnings, valid } = validate('submitJobParam', { ...job, ...fields }, { maxIssues: 10 });
    expect({ count: warnings.length, valid }).toEqual({ count: 10, valid: true });
    expect(validate('submitJobParam', { ...job, ...fields, jobName: 1 }, { maxIssues: 0 }).valid).toBe(false);
  });
});

describe('the options of a validation', () => {
  it.each([{ maxIssues: Number.NaN }, { maxIssues: -1 }, { maxIssues: '5' }, { mode: 'Strict' }])(
    'are refused where they would pass what is wrong: %o',
    (options) => {
      expect(() => validate('stopJobParam', {}, options as never)).toThrow(
        /^(?:maxIssues|mode) is .*; expected /,
      );
    },
  );

  it('may ask for all findings', () => {
    expect(validate('stopJobParam', {}, { maxIssues: Number.POSITIVE_INFINITY })).toMatchObject({
      valid: false,
      truncated: false,
    });
  });
});
