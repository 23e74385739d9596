import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { type Contract, contract as defaultContract } from '@ips-sdk/types/contract';
import type { FoundMessage } from '@ips-sdk/wire';
import { invalidRequestXml } from '../../faults.js';
import { ServedContract } from './served-contract.js';

/** The version that added smart crops. The contract of 2019-09-10-beta has its known parts and serves both. */
const OF_SMART_CROPS = of2019.messageNamespace.replace(of2019.version ?? '', '2017-10-29-beta');

/** All known contracts, to name those that have an operation. */
const KNOWN: readonly Contract[] = [defaultContract, of2013, of2016, of2019];

/** The contracts that a server supports. */
export class ContractSet {
  readonly #byNamespace: ReadonlyMap<string, ServedContract>;
  readonly #known: readonly Contract[];
  /** For unknown namespaces. */
  readonly #fallback: ServedContract;

  constructor(contracts: readonly Contract[]) {
    this.#byNamespace = new Map(
      contracts.map((contract) => [contract.messageNamespace, new ServedContract(contract)]),
    );
    this.#known = [...new Set([...contracts, ...KNOWN])];
    this.#fallback =
      this.#byNamespace.get(defaultContract.messageNamespace) ?? new ServedContract(defaultContract);
  }

  /** The contract of a namespace, or the default contract for an unknown namespace. */
  of(namespace: string | undefined): ServedContract {
    return this.#byNamespace.get(answering(namespace ?? '')) ?? this.#fallback;
  }

  /** @throws IpsFault 30003 for an unknown namespace. */
  checkNamespace(namespace: string): void {
    if (this.#byNamespace.has(answering(namespace))) return;
    const known = [...this.#byNamespace.keys()].join(' or ');
    throw invalidRequestXml(`the namespace ${namespace} is not ${known}`);
  }

  /**
   * Checks that the contract of a request has its operation.
   *
   * @throws IpsFault 30003 for an operation that only other contracts have. It names the operation and these contracts.
   */
  checkOperation({ contract }: ServedContract, { element }: FoundMessage): void {
    if (operationOf(contract, element) !== undefined) return;
    const owners = this.#known.filter((other) => operationOf(other, element) !== undefined);
    const [owner] = owners;
    if (owner === undefined) return;
    const name = operationOf(owner, element);
    const versions = owners.map(({ version }) => version).join(', ');
    throw invalidRequestXml(
      `the operation '${name}' is not in the contract ${contract.version} of the request; it is in ${versions}`,
    );
  }
}

/** The namespace of the contract that serves a namespace. */
function answering(namespace: string): string {
  return namespace === OF_SMART_CROPS ? of2019.messageNamespace : namespace;
}

/** The operation with a given request element. */
function operationOf(contract: Contract, element: string): string | undefined {
  return Object.entries(contract.operations).find(
    ([, { input }]) => contract.messages[input]?.element === element,
  )?.[0];
}
