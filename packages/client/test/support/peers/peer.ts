import { fileURLToPath } from 'node:url';

/** What a peer understood of a request. */
export interface Received {
  readonly operation: string;
  readonly input: unknown;
  /** The fields of authHeader. */
  readonly header: unknown;
  readonly action: string | null;
}

/** What a peer is to answer: a value with arrays in their wrappers, or one of the service's faults. */
export type Answer =
  | { readonly output: unknown }
  | {
      readonly fault: {
        readonly name: string;
        readonly string: string;
        readonly detail: { readonly code: number; readonly reason: string };
      };
    };

/** A SOAP service that someone else's software makes of our WSDL. */
export interface Peer {
  readonly endpoint: string;
  /** Makes the next call be answered so. */
  answer(answer: Answer): void;
  /** The last request. */
  received(): Received;
  stop(): Promise<void>;
}

export const wsdlFile: string = fileURLToPath(
  import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'),
);
