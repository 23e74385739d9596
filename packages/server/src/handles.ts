// The handles of the service. They contain the numbers and names of their objects.

/** `c|6`; older handles are the bare number. */
export const companyHandle = (id: number): string => `c|${id}`;

/** `u|41|ann@example.com`. */
export const userHandle = (user: { readonly id: number; readonly email: string }): string =>
  `u|${user.id}|${user.email}`;

/** `a|885289`. */
export const assetHandle = (id: number): string => `a|${id}`;

/** `f|MyCompany/Shoes/`. */
export const folderHandle = (path: string): string => `f|${path}`;

/** `g|225`. */
export const groupHandle = (id: number): string => `g|${id}`;

/** `pm|2`: a permission set. */
export const permissionSetHandle = (id: number): string => `pm|${id}`;

/** `pc|3001`. */
export const contextHandle = (id: number): string => `pc|${id}`;

/** `i|6|301`: the company and number of an image format; older handles have no letter. The letter is our own. */
export const imageFormatHandle = (format: { readonly companyId: number; readonly id: number }): string =>
  `i|${format.companyId}|${format.id}`;

/** `a|34191|8|554`: asset, code of image maps, and number; older handles have no letter. */
export const imageMapHandle = (map: { readonly assetId: number; readonly id: number }): string =>
  `a|${map.assetId}|8|${map.id}`;

/** `a|34194|9|301`: asset, code of zoom targets, and number; older handles have no letter. */
export const zoomTargetHandle = (target: { readonly assetId: number; readonly id: number }): string =>
  `a|${target.assetId}|9|${target.id}`;

/** `sa|34194|12`: the asset and number of a smart crop. The service's own format is unknown. */
export const smartCropHandle = (crop: { readonly assetId: number; readonly id: number }): string =>
  `sa|${crop.assetId}|${crop.id}`;

/** `pt|10801`: a property set type. */
export const propertySetTypeHandle = (id: number): string => `pt|${id}`;

/** `ps|941`. */
export const propertySetHandle = (id: number): string => `ps|${id}`;

/** `m|21|IMAGE|fieldName`. */
export const fieldHandle = (field: {
  readonly companyId: number;
  readonly assetType: string;
  readonly name: string;
}): string => `m|${field.companyId}|${field.assetType.toUpperCase()}|${field.name}`;

/** `p|6|ProjectName`. */
export const projectHandle = (project: { readonly companyId: number; readonly name: string }): string =>
  `p|${project.companyId}|${project.name}`;

/** `v|21|281`: the company and number of a vignette format. */
export const vignetteFormatHandle = (format: { readonly companyId: number; readonly id: number }): string =>
  `v|${format.companyId}|${format.id}`;

/**
 * Format of the handles of submitted jobs: `recorded` for `j|6|Nightly||`, as in recorded responses of the service, or `documented` for
 * `j|6|Nightly|`, as in its documentation. Both identify the same job.
 */
export type SubmittedJobForm = 'recorded' | 'documented';

/** A submitted job. */
export const triggerHandle = (companyId: number, name: string, form: SubmittedJobForm): string =>
  form === 'documented' ? `j|${companyId}|${name}|` : `j|${companyId}|${name}||`;

/** `j|6||Nightly_2014-04-03-00:00:00.000|54091`: one run of a job. */
export const runHandle = (run: {
  readonly companyId: number;
  readonly name: string;
  readonly id: number;
}): string => `j|${run.companyId}||${run.name}|${run.id}`;

/** The number of a company; `undefined` for anything but a company handle. */
export const parseCompanyHandle = (handle: string): number | undefined =>
  number(/^(?:c\|)?(\d{1,9})$/.exec(handle));

/** The number of a user. */
export const parseUserHandle = (handle: string): number | undefined =>
  number(/^(?:u\|)?(\d{1,9})\|.+$/s.exec(handle));

/** The number of an asset, from the short form or the form with a type and its number. */
export const parseAssetHandle = (handle: string): number | undefined =>
  number(/^a\|(\d{1,9})(?:\|\d+\|\d+)?$/.exec(handle) ?? /^(\d{1,9})\|\d+\|\d+$/.exec(handle));

/** The number of a group; older handles are the bare number. */
export const parseGroupHandle = (handle: string): number | undefined =>
  number(/^(?:g\|)?(\d{1,9})$/.exec(handle));

export const parseContextHandle = (handle: string): number | undefined =>
  number(/^pc\|(\d{1,9})$/.exec(handle));

/** The company and number of an image format. */
export function parseImageFormatHandle(handle: string): { companyId: number; id: number } | undefined {
  const match = /^(?:i\|)?(\d{1,9})\|(\d{1,9})$/.exec(handle);
  return match ? { companyId: Number(match[1]), id: Number(match[2]) } : undefined;
}

/** The number of an image map. */
export const parseImageMapHandle = (handle: string): number | undefined =>
  number(/^(?:a\|)?\d{1,9}\|8\|(\d{1,9})$/.exec(handle));

/** The number of a zoom target. */
export const parseZoomTargetHandle = (handle: string): number | undefined =>
  number(/^(?:a\|)?\d{1,9}\|9\|(\d{1,9})$/.exec(handle));

/** The asset and the number of a smart crop. */
export function parseSmartCropHandle(handle: string): { assetId: number; id: number } | undefined {
  const match = /^sa\|([1-9]\d{0,8})\|([1-9]\d{0,8})$/.exec(handle);
  return match ? { assetId: Number(match[1]), id: Number(match[2]) } : undefined;
}

export const parsePropertySetTypeHandle = (handle: string): number | undefined =>
  number(/^pt\|(\d{1,9})$/.exec(handle));

export const parsePropertySetHandle = (handle: string): number | undefined =>
  number(/^ps\|(\d{1,9})$/.exec(handle));

/** The company and number of a vignette format; older handles have no letter. */
export function parseVignetteFormatHandle(handle: string): { companyId: number; id: number } | undefined {
  const match = /^(?:v\|)?(\d{1,9})\|(\d{1,9})$/.exec(handle);
  return match ? { companyId: Number(match[1]), id: Number(match[2]) } : undefined;
}

/** The path of a folder, with a trailing slash. */
export function parseFolderHandle(handle: string): string | undefined {
  const path = handle.startsWith('f|') ? handle.slice(2) : handle;
  return path === '' ? undefined : path.endsWith('/') ? path : `${path}/`;
}

/** The company and name of a project. */
export function parseProjectHandle(handle: string): { companyId: number; name: string } | undefined {
  const match = /^(?:p\|)?(\d{1,9})\|(.+)$/s.exec(handle);
  return match ? { companyId: Number(match[1]), name: match[2] ?? '' } : undefined;
}

/** The company, asset type in upper case and name of a metadata field. */
export function parseFieldHandle(
  handle: string,
): { companyId: number; assetType: string; name: string } | undefined {
  const match = /^(?:m\|)?(\d{1,9})\|([A-Za-z]+)\|(.+)$/s.exec(handle);
  return match
    ? { companyId: Number(match[1]), assetType: (match[2] ?? '').toUpperCase(), name: match[3] ?? '' }
    : undefined;
}

/** Handles have at most nine digits, so that their numbers fit the database. */
function number(match: RegExpExecArray | null): number | undefined {
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
