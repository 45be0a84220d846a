import { queueKind } from '../kinds/queue.ts'
import type { Queue } from '../kinds/queue.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Queue {
  readonly #jobs: Job[] = []
  readonly #done = new Map<string, string[]>()

  async enqueue(owner: Owner, text: string): Promise<void> {
    this.#jobs.push({ owner, text })
  }

  async work(ambient: Owner | undefined): Promise<void> {
    for (const job of this.#jobs.splice(0)) {
      const owner = this.ownerOf(job, ambient)
      if (owner !== undefined) this.#done.set(keyOf(owner), [...(this.#done.get(keyOf(owner)) ?? []), job.text])
    }
  }

  async done(owner: Owner): Promise<readonly string[]> {
    return this.#done.get(keyOf(owner)) ?? []
  }

  protected ownerOf(_job: Job, ambient: Owner | undefined): Owner | undefined {
    return ambient
  }
}

class Fixed extends Leaky {
  protected override ownerOf(job: Job): Owner | undefined {
    return job.owner
  }
}

interface Job {
  readonly owner: Owner
  readonly text: string
}

export const incident = defineIncident({
  number: 25,
  url: import.meta.url,
  title: 'A job is done for whoever the worker was busy for, or for nobody',
  sources: ['elsa#7961', 'hindsight#208', 'Budibase#9844', 'goclaw#1378', 'goclaw#475', 'laravel-multitenancy#643'],
  kind: queueKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
