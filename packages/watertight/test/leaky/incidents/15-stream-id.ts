import { NotFound } from '../../../src/index.ts'
import { streamsKind } from '../kinds/streams.ts'
import type { Hear, Streams } from '../kinds/streams.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Streams {
  protected readonly streams = new Map<string, Stream>()

  async start(owner: Owner): Promise<string> {
    const id = `stream-${this.streams.size + 1}`
    this.streams.set(id, { owner, said: [], heardBy: [] })
    return id
  }

  async publish(owner: Owner, id: string, text: string): Promise<void> {
    const stream = this.require(owner, id)
    stream.said.push(text)
    for (const hear of this.audienceOf(stream)) hear(text)
  }

  async subscribe(caller: Owner, id: string, hear: Hear): Promise<void> {
    const stream = this.require(caller, id)
    stream.heardBy.push(hear)
    for (const text of stream.said) hear(text)
  }

  protected audienceOf(_stream: Stream): readonly Hear[] {
    return [...this.streams.values()].flatMap(({ heardBy }) => heardBy)
  }

  protected require(_caller: Owner, id: string): Stream {
    const stream = this.streams.get(id)
    if (stream === undefined) throw new NotFound()
    return stream
  }
}

class Fixed extends Leaky {
  protected override audienceOf(stream: Stream): readonly Hear[] {
    return stream.heardBy
  }

  protected override require(caller: Owner, id: string): Stream {
    const stream = this.streams.get(id)
    if (stream === undefined || !isSame(stream.owner, caller)) throw new NotFound()
    return stream
  }
}

interface Stream {
  readonly owner: Owner
  readonly said: string[]
  readonly heardBy: Hear[]
}

export const incident = defineIncident({
  number: 15,
  url: import.meta.url,
  title: 'A stream is joined by its id, and one emitter tells everybody everything',
  sources: ['CVE-2026-31950', 'hermes-workspace#297', 'Chainlit#733', 'MeetOnMemory#810'],
  kind: streamsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
