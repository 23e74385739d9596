import type { AreaHandlers } from './handlers.js';
import { jobHandlers } from './jobs.js';

/** The operations that this server carries out. Others answer a fault. */
export const handlers: AreaHandlers = { ...jobHandlers };
