// What is mutated, and the tests that have to notice. One group is one run of Stryker.

/** @type {Readonly<Record<string, { readonly mutate: readonly string[], readonly tests: readonly string[] }>>} */
export const groups = {
  passwords: {
    mutate: [
      'packages/server/src/passwords/fair-queue.ts',
      'packages/server/src/passwords/hash-pool.ts',
      'packages/server/src/passwords/login-delays.ts',
      'packages/server/src/passwords/logins.ts',
      'packages/server/src/passwords/password-hasher.ts',
      'packages/server/src/passwords/password-rules.ts',
      'packages/server/src/passwords/recent.ts',
      'packages/server/src/passwords/stored-hash.ts',
    ],
    tests: ['packages/server/test/logins.test.ts', 'packages/server/test/passwords.test.ts'],
  },
  traffic: {
    mutate: ['packages/server/src/http/traffic/*.ts'],
    tests: ['packages/server/test/traffic.test.ts'],
  },
  jobs: {
    mutate: [
      'packages/server/src/jobs/claims.ts',
      'packages/server/src/jobs/outbox.ts',
      'packages/server/src/jobs/notifications.ts',
      'packages/server/src/jobs/reconciliation.ts',
      'packages/server/src/jobs/run-lease.ts',
      'packages/server/src/jobs/triggers.ts',
    ],
    tests: [
      'packages/server/test/job-engine.test.ts',
      'packages/server/test/job-schedules.test.ts',
      'packages/server/test/notifications.test.ts',
      'packages/server/test/reconciliation.test.ts',
    ],
  },
  lock: {
    mutate: ['packages/server/src/db/directory-lock.ts', 'packages/server/src/db/os-lock.ts'],
    tests: ['packages/server/test/data-directory.test.ts', 'packages/server/test/directory-lock.test.ts'],
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
