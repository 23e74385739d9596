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

/** Input of the generator. */
export interface GenerateInput {
  /** Path of the WSDL file. */
  readonly wsdl: string;
  /** Folder of the overlay files, if there are any. */
  readonly overlay?: string | undefined;
  /** Folder of further overlay files, for what only this version has. The base is described without them. */
  readonly additions?: string | undefined;
  /** Another version, to generate only the difference from it. */
  readonly base?: BaseInput | undefined;
  /** Local files for imported locations; see {@link ReadWsdlOptions.resolve}. */
  readonly resolve?: ReadWsdlOptions['resolve'];
  /** Name of the service, required if the WSDL has several. */
  readonly service?: string | undefined;
}

/** The version to generate a difference from. */
export interface BaseInput {
  /** Path of its WSDL. */
  readonly wsdl: string;
  /** Path of its output, relative to the output folder, such as `../../generated`. */
  readonly module: string;
}

/** The result of the generator, in memory. */
export interface Generated {
  readonly annotated: AnnotatedContract;
  /** Files in the output folder, in a fixed order. */
  readonly files: readonly GeneratedFile[];
  /** Markdown table of the differences between documentation and wire; `undefined` without an overlay. */
  readonly discrepancies: string | undefined;
}

/**
 * Generates TypeScript from a WSDL and an overlay, in memory. The same input always produces the same bytes.
 *
 * @throws CodegenError when an input is unreadable or uses an unsupported construct, or when the overlay does not match the WSDL.
 * @example
 * ```ts
 * import { generate } from '@ips-sdk/codegen';
 *
 * const { files } = generate({ wsdl: 'service.wsdl' });
 * for (const { path, text } of files) console.log(path, text.length);
 * ```
 */
export function generate({ wsdl, overlay, additions, base, resolve, service }: GenerateInput): Generated {
  const options = { resolve, service };
  const folders = [overlay, additions].filter((folder) => folder !== undefined);
  const generated = generateAll(wsdl, folders, options);
  if (base === undefined) return generated;
  const files = emitVersion(
    generated,
    generateAll(base.wsdl, overlay === undefined ? [] : [overlay], options),
    base.module,
  );
  return { ...generated, files };
}

function generateAll(wsdl: string, overlays: readonly string[], options: ReadWsdlOptions): Generated {
  const contract = readWsdl(wsdl, options);
  const [overlay, ...more] = overlays;
  const annotated = annotate(contract, overlay === undefined ? undefined : readOverlay(overlay, ...more));
  const files = [...emitTypes(annotated), emitContract(annotated)];
  if (annotated.hasOverlay) files.push(emitConstants(annotated), emitRoles(annotated), emitDocs(annotated));
  return {
    annotated,
    files,
    discrepancies: annotated.hasOverlay ? emitDiscrepancies(annotated) : undefined,
  };
}
