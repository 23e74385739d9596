declare module 'fastify' {
  interface FastifyContextConfig {
    /** Description of the path, for requests with a wrong method. */
    readonly what?: string;
    /** Whether web pages of any origin can read its responses. */
    readonly isForAnyOrigin?: boolean;
  }
}

/** Methods of a read-only resource. */
export const READ = ['GET', 'HEAD'];
