import type { Report } from '../run-report.js';

/** Every compiled report by name. The module is made by scripts/build.ts. */
export declare const reports: ReadonlyMap<string, Report>;

/** The names of what only the service sends. */
export declare const answers: ReadonlySet<string>;
