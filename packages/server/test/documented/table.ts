import { companyReproductions } from './companies.ts';
import type { Reproductions } from './sample.js';

/** How each operation is held to the samples of its page. A new area is added here. */
export const reproductions: Reproductions = { ...companyReproductions };
