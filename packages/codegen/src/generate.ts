import { annotate } from './annotate/annotate.js';
import type { AnnotatedContract } from './annotate/annotated.js';
import { emitConstants } from './emit/emit-constants.js';
import { emitContract } from './emit/emit-contract.js';
import { emitDiscrepancies } from './emit/emit-discrepancies.js';
import { emitDocs } from './emit/emit-docs.js';
import { emitRoles } from './emit/emit-roles.js';
import { emitTypes } from './emit/emit-types.js';
import { emitVersion } from './emit/emit-version.js';
import type { GeneratedFile } from './emit/generated-file.js';
import { readOverlay } from './overlay/read-overlay.js';
import { type ReadWsdlOptions, readWsdl } from './wsdl/read-wsdl.js';

/** What to generate from. */
export interface GenerateInput {
  /** The WSDL file. */
  readonly wsdl: string;
  /** The folder of overlay files, if there is one. */
  readonly overlay?: string | undefined;
  /** Another version, to generate nothing but the difference from it. */
  readonly base?: BaseInput | undefined;
  /** Files that stand for locations, as {@link ReadWsdlOptions.resolve}. */
  readonly resolve?: ReadWsdlOptions['resolve'];
  /** The name of the service, for a WSDL with several. */
  readonly service?: string | undefined;
}

/** The version that a difference is generated from. */
export interface BaseInput {
  /** Its WSDL. */
  readonly wsdl: string;
  /** Where its output is, as seen from the output folder, such as `../../generated`. */
  readonly module: string;
}

/** The result of a run of the generator, before anything is written. */
export interface Generated {
  readonly annotated: AnnotatedContract;
  /** Files below the output folder, in a fixed order. */
  readonly files: readonly GeneratedFile[];
  /** The Markdown table of differences; `undefined` without an overlay. */
  readonly discrepancies: string | undefined;
}

/**
 * Generates TypeScript from a WSDL and an overlay, in memory. The same input always gives the same bytes.
 *
 * @throws CodegenError when an input cannot be read, uses an unsupported construct, or when overlay and WSDL
 * do not cover each other.
 * @example
 * ```ts
 * import { generate } from '@ips-sdk/codegen';
 *
 * const { files } = generate({ wsdl: 'service.wsdl' });
 * for (const { path, text } of files) console.log(path, text.length);
 * ```
 */
export function generate({ wsdl, overlay, base, resolve, service }: GenerateInput): Generated {
  const options = { resolve, service };
  const generated = generateAll(wsdl, overlay, options);
  if (base === undefined) return generated;
  const files = emitVersion(generated, generateAll(base.wsdl, overlay, options), base.module);
  return { ...generated, files };
}

function generateAll(wsdl: string, overlay: string | undefined, options: ReadWsdlOptions): Generated {
  const contract = readWsdl(wsdl, options);
  const annotated = annotate(contract, overlay === undefined ? undefined : readOverlay(overlay));
  const files = [...emitTypes(annotated), emitContract(annotated)];
  if (annotated.hasOverlay) files.push(emitConstants(annotated), emitRoles(annotated), emitDocs(annotated));
  return {
    annotated,
    files,
    discrepancies: annotated.hasOverlay ? emitDiscrepancies(annotated) : undefined,
  };
}
