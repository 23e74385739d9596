// What is mutated, and the tests that have to notice. One group is one run of Stryker.

/** @type {Readonly<Record<string, { readonly mutate: readonly string[], readonly tests: readonly string[] }>>} */
export const groups = {
  passwords: {
    mutate: [
      'packages/server/src/passwords/hash-pool.ts',
      'packages/server/src/passwords/login-delays.ts',
      'packages/server/src/passwords/logins.ts',
      'packages/server/src/passwords/password-hasher.ts',
      'packages/server/src/passwords/password-rules.ts',
      'packages/server/src/passwords/recent.ts',
    ],
    tests: ['packages/server/test/logins.test.ts', 'packages/server/test/passwords.test.ts'],
  },
  hashes: {
    mutate: ['packages/server/src/passwords/fair-queue.ts', 'packages/server/src/passwords/stored-hash.ts'],
    tests: ['packages/server/test/password-hashes.test.ts'],
  },
  traffic: {
    mutate: ['packages/server/src/http/traffic/*.ts'],
    tests: [
      'packages/server/test/traffic-admission.test.ts',
      'packages/server/test/traffic-connection.test.ts',
    ],
  },
  admission: {
    mutate: ['packages/server/src/operations/admission.ts'],
    tests: ['packages/server/test/admission.test.ts'],
  },
  handles: {
    mutate: ['packages/server/src/handles.ts', 'packages/types/src/job-handle.ts'],
    tests: ['packages/server/test/handles.test.ts', 'packages/types/test/job-handle.test.ts'],
  },
  fetch: {
    mutate: [
      'packages/server/src/net/address-key.ts',
      'packages/server/src/net/content-coding.ts',
      'packages/server/src/net/guarded-fetch.ts',
      'packages/server/src/net/loopback.ts',
    ],
    tests: [
      'packages/server/test/addresses.test.ts',
      'packages/server/test/content-coding.test.ts',
      'packages/server/test/guarded-fetch.test.ts',
    ],
  },
  claims: {
    mutate: [
      'packages/server/src/jobs/claims.ts',
      'packages/server/src/jobs/pausing.ts',
      'packages/server/src/jobs/run-lease.ts',
      'packages/server/src/jobs/turns.ts',
    ],
    tests: ['packages/server/test/job-claims.test.ts'],
  },
  triggers: {
    mutate: ['packages/server/src/jobs/triggers.ts'],
    tests: ['packages/server/test/job-triggers.test.ts'],
  },
  reconciliation: {
    mutate: ['packages/server/src/jobs/reconciliation.ts'],
    tests: ['packages/server/test/job-reconciliation.test.ts'],
  },
  notifications: {
    mutate: [
      'packages/server/src/jobs/follow-on.ts',
      'packages/server/src/jobs/notifications.ts',
      'packages/server/src/jobs/outbox.ts',
    ],
    tests: ['packages/server/test/job-notifications.test.ts'],
  },
  execution: {
    mutate: [
      'packages/server/src/jobs/recovery.ts',
      'packages/server/src/jobs/run-executor.ts',
      'packages/server/src/jobs/settling.ts',
      'packages/server/src/jobs/uploads.ts',
    ],
    tests: [
      'packages/server/test/job-checks.test.ts',
      'packages/server/test/job-execution.test.ts',
      'packages/server/test/job-recovery.test.ts',
      'packages/server/test/job-uploads.test.ts',
    ],
  },
  lock: {
    mutate: ['packages/server/src/db/directory-lock.ts', 'packages/server/src/db/os-lock.ts'],
    tests: ['packages/server/test/directory-lock.test.ts'],
  },
  limits: {
    mutate: [
      'packages/wire/src/limits.ts',
      'packages/wire/src/decode/collected.ts',
      'packages/wire/src/decode/decode-document.ts',
      'packages/wire/src/decode/element-stack.ts',
      'packages/wire/src/decode/parse-saxes.ts',
    ],
    tests: [
      'packages/wire/test/decode.test.ts',
      'packages/wire/test/limits.test.ts',
      'packages/wire/test/odd-documents.test.ts',
    ],
  },
};
