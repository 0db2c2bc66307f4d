/** A graph over streams in both forms of attention, each compiled when a stream first needs it. */
import { type AttentionForm, attentionForm } from './attention.ts'
import type { Session } from './session.ts'
import type { Stream } from './stream.ts'

export interface StreamSessions {
  get(stream: Stream): Promise<Session>
  dispose(): Promise<void>
}

export function streamSessions(make: (form: AttentionForm) => Promise<Session>): StreamSessions {
  const sessions = new Map<AttentionForm, Promise<Session>>()
  return {
    get(stream) {
      const form = attentionForm(stream)
      const session = sessions.get(form) ?? make(form)
      sessions.set(form, session)
      return session
    },
    async dispose() {
      for (const session of sessions.values()) await (await session).dispose()
      sessions.clear()
    },
  }
}
