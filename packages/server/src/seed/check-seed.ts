// Checks the form of a seed, before anything is read or written.
import { permissionTypes, userRoles } from '@ips-sdk/types/constants';
import { jobKinds } from '@ips-sdk/types/jobs';
import { COMPANY_NAME, isCompanyName } from '../companies/company-record.js';
import { isPathTooLong } from '../folders/folder-store.js';
import { FIELD_TYPES, isTagType } from '../metadata/field-types.js';
import { MAX_PASSWORD } from '../passwords/password-rules.js';
import { checkAssets, checkSets, type PlacedNames } from './check-assets.js';
import { checkImageFormats } from './image-formats.js';
import { flag, kindOf, list, oneOf, optionalText, record, shown, text, time } from './seed-checks.js';
import { SeedError } from './seed-error.js';
import { checkTexts } from './seed-texts.js';
import type {
  Seed,
  SeedField,
  SeedFolder,
  SeedGroup,
  SeedJob,
  SeedPermission,
  SeedUser,
} from './seed-types.js';

/** Bytes of the longest name of a company. */
const MAX_ROOT_BYTES = 400;

const COMPANY = [
  'name',
  'folders',
  'metadataFields',
  'imageFormats',
  'groups',
  'permissions',
  'jobs',
] as const;

/**
 * @returns The seed.
 * @throws SeedError that names the first invalid value by its path.
 *
 * @internal
 */
export function checkSeed(given: unknown): Seed {
  checkTexts(given);
  // `record` checks that it has the fields of a seed; what they contain is checked below.
  const seed = record('', given, ['$schema', 'companies', 'users']) as Seed;
  optionalText('$schema', seed.$schema);
  list('companies', seed.companies).forEach((company, index) => {
    const path = `companies[${index}]`;
    record(path, company, COMPANY);
    text(`${path}.name`, company.name);
    if (!isCompanyName(company.name))
      throw new SeedError(`${path}.name`, `found ${shown(company.name)}, expected ${COMPANY_NAME}`);
    const names: PlacedNames = new Map();
    list(`${path}.folders`, company.folders).forEach((folder, place) => {
      checkFolder(`${path}.folders[${place}]`, folder, names);
    });
    list(`${path}.metadataFields`, company.metadataFields).forEach((field, place) => {
      checkField(`${path}.metadataFields[${place}]`, field);
    });
    checkImageFormats(`${path}.imageFormats`, company.imageFormats);
    checkGroups(`${path}.groups`, company.groups);
    checkPermissions(`${path}.permissions`, company.permissions);
    list(`${path}.jobs`, company.jobs).forEach((job, place) => {
      checkJob(`${path}.jobs[${place}]`, job);
    });
  });
  list('users', seed.users).forEach((user, index) => {
    checkUser(`users[${index}]`, user);
  });
  return seed;
}

function checkFolder(path: string, folder: string | SeedFolder, names: PlacedNames): void {
  if (typeof folder === 'string') {
    checkPath(path, folder);
    return;
  }
  if (typeof folder !== 'object')
    throw new SeedError(
      path,
      `found ${kindOf(folder)}, expected a path, or an object with path, assets, sets`,
    );
  record(path, folder, ['path', 'assets', 'sets']);
  checkPath(`${path}.path`, folder.path);
  checkAssets(`${path}.assets`, folder.assets, names);
  checkSets(`${path}.sets`, folder.sets, names);
}

function checkPath(path: string, given: string): void {
  text(path, given);
  const steps = given.split('/');
  // The path of the company's root comes before it.
  const isLong = isPathTooLong(`${'x'.repeat(MAX_ROOT_BYTES)}${given}`);
  if (isLong || given.length > 1000 || /\p{Cc}/u.test(given) || steps.includes('.') || steps.includes('..'))
    throw new SeedError(
      path,
      `found ${JSON.stringify(given.slice(0, 60))}, expected a path such as Shoes/Red`,
    );
}

function checkField(path: string, field: SeedField): void {
  record(path, field, ['name', 'type', 'assetType', 'tags']);
  text(`${path}.name`, field.name);
  optionalText(`${path}.assetType`, field.assetType);
  if (field.type !== undefined) oneOf(`${path}.type`, field.type, FIELD_TYPES);
  list(`${path}.tags`, field.tags).forEach((tag, place) => {
    text(`${path}.tags[${place}]`, tag);
  });
  if (field.tags !== undefined && !isTagType(field.type ?? 'String'))
    throw new SeedError(`${path}.tags`, `a field of type ${field.type ?? 'String'} has no tags`);
}

function checkGroups(path: string, groups: readonly SeedGroup[] | undefined): void {
  list(path, groups).forEach((group, index) => {
    const at = `${path}[${index}]`;
    record(at, group, ['name', 'members']);
    text(`${at}.name`, group.name);
    list(`${at}.members`, group.members).forEach((member, place) => {
      text(`${at}.members[${place}]`, member);
    });
  });
}

function checkPermissions(path: string, permissions: readonly SeedPermission[] | undefined): void {
  list(path, permissions).forEach((permission, index) => {
    const at = `${path}[${index}]`;
    record(at, permission, ['folder', 'group', 'allow', 'deny', 'override']);
    text(`${at}.folder`, permission.folder);
    text(`${at}.group`, permission.group);
    flag(`${at}.override`, permission.override);
    for (const key of ['allow', 'deny'] as const) {
      list(`${at}.${key}`, permission[key]).forEach((right, place) => {
        oneOf(`${at}.${key}[${place}]`, right, permissionTypes);
      });
    }
    const both = permission.allow?.find((right) => permission.deny?.includes(right));
    if (both !== undefined) throw new SeedError(`${at}.deny`, `${both} is also in allow`);
  });
}

function checkJob(path: string, job: SeedJob): void {
  record(path, job, ['name', 'kind', 'details', 'schedule', 'time', 'submitter', 'description']);
  text(`${path}.name`, job.name);
  oneOf(`${path}.kind`, job.kind, jobKinds);
  if (typeof job.details !== 'object' || job.details === null || Array.isArray(job.details))
    throw new SeedError(`${path}.details`, `expected an object, the content of ${job.kind}`);
  optionalText(`${path}.schedule`, job.schedule);
  time(`${path}.time`, job.time);
  optionalText(`${path}.submitter`, job.submitter);
  optionalText(`${path}.description`, job.description);
  if ((job.schedule === undefined) === (job.time === undefined))
    throw new SeedError(path, 'expected either schedule or time, because a seed runs no jobs');
}

function checkUser(path: string, user: SeedUser): void {
  record(path, user, ['email', 'password', 'firstName', 'lastName', 'isIpsAdmin', 'memberships']);
  text(`${path}.email`, user.email);
  text(`${path}.password`, user.password);
  if (user.password.length > MAX_PASSWORD)
    throw new SeedError(
      `${path}.password`,
      `found ${user.password.length} characters, expected at most ${MAX_PASSWORD}`,
    );
  optionalText(`${path}.firstName`, user.firstName);
  optionalText(`${path}.lastName`, user.lastName);
  flag(`${path}.isIpsAdmin`, user.isIpsAdmin);
  list(`${path}.memberships`, user.memberships).forEach((membership, at) => {
    const place = `${path}.memberships[${at}]`;
    record(place, membership, ['company', 'role']);
    text(`${place}.company`, membership.company);
    oneOf(`${place}.role`, membership.role, userRoles);
  });
}
