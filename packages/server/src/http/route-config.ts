declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is at this path, for those who use a wrong method. */
    readonly what?: string;
    /** Whether pages of any origin may read its answers. */
    readonly isForAnyOrigin?: boolean;
  }
}

/** Methods of a resource that can only be read. */
export const READ = ['GET', 'HEAD'];
