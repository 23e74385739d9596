// Goes through the tour in the contract of 2013: what a test says in the default one is said in the older one.
import type { OperationName } from '@ips-sdk/types';
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract } from '@ips-sdk/types/contract';
import { createCodec, IpsFault } from '@ips-sdk/wire';
import { projection } from '../../src/http/contracts/projection.js';
import { type Connection, connect, post, type Reachable } from './call.js';

const older = createCodec(of2013);

/**
 * A connection that speaks 2013's contract wherever it has the operation, and reads answers in strict mode.
 *
 * @param onAnswer - Gets the document of every answer in 2013's contract that is no fault.
 */
export function connectOlder(
  server: Reachable,
  onAnswer: (operation: OperationName, body: string) => void,
): Connection {
  const { email, password } = server.admin;
  const header = { user: email, password, appName: 'tests', appVersion: '1' };
  const newer = connect(server);
  const connection: Connection = {
    call: async (operation, input, options) => {
      const message = of2013.operations[operation]?.input;
      if (message === undefined) return newer.call(operation, input, options);
      const known = projection(of2013, message, input, (_owner, value) =>
        'isIpsAdmin' in value ? { defaultRole: value['isIpsAdmin'] === true ? 'IpsAdmin' : 'IpsUser' } : {},
      );
      const xml = older.encodeRequest(operation as 'stopJob', known as never, {
        header: { ...header, ...options?.header },
      });
      const { body, status } = await post(server.url, xml, { operation });
      const decoded = older.decodeResponse(operation as 'stopJob', body, {
        strict: true,
        httpStatus: status,
      });
      onAnswer(operation, body);
      // What the tour asks about later has a handle in the newer contract only.
      if (operation === 'cdnCacheInvalidation') return newer.call(operation, input, options);
      // The tour reads handles, which all versions have.
      return decoded.value as never;
    },
    fault: async (operation, input) => {
      try {
        await connection.call(operation, input);
      } catch (error) {
        if (error instanceof IpsFault) return error;
        throw error;
      }
      throw new Error(`${operation} answered no fault`);
    },
  };
  return connection;
}

/** The operations that both contracts have. */
export const inBoth = (Object.keys(contract.operations) as OperationName[]).filter((name) =>
  Object.hasOwn(of2013.operations, name),
);
