import { describe, inject, test } from 'vitest'

export const serviceNames = ['postgres', 'pgbouncer', 'redis', 'chromium'] as const

export type ServiceName = (typeof serviceNames)[number]

/** `at` is the admin URL of a server, or the path of a program. */
export type Service = { reachable: true; at: string } | { reachable: false; reason: string }

export type Services = Record<ServiceName, Service>

declare module 'vitest' {
  interface ProvidedContext {
    services: Services
    requiredServices: ServiceName[]
  }
}

/** What was found before the first test file was read: see find-services.ts. */
export function services(): Services {
  return inject('services')
}

/**
 * Declares tests that need a server or a program from outside this repository.
 *
 * Unreachable, they are left out under a name that gives the reason, and the run ends with that reason; if
 * `WATERTIGHT_REQUIRE` names the service, a failing test stands in their place.
 *
 * @param name the service; nest two calls where a test needs two
 * @param declare declares the tests; receives the admin URL of a server or the path of a program. It is not called when the
 *   service is left out, so it may use the address at once
 */
export function whenReachable(name: ServiceName, declare: (at: string) => void): void {
  const service = services()[name]
  if (service.reachable) {
    describe(name, () => declare(service.at))
  } else if (inject('requiredServices').includes(name)) {
    test(`should reach ${name}, which WATERTIGHT_REQUIRE names`, () => {
      throw new Error(`${name} is required and cannot be reached: ${service.reason}`)
    })
  } else {
    describe.skip(`left out: ${name} (${service.reason})`, () => {
      test(`needs ${name}`, () => {})
    })
  }
}
