/** The thread of optimizer-help.ts. */
import { buffersOf, type UpdateCall } from './optimizer-help.ts'
import { applyUpdate } from './optimizer.ts'
import { serve } from './serve.ts'

function answer({ updates }: UpdateCall): Promise<UpdateCall['updates']> {
  for (const update of updates) applyUpdate(update)
  return Promise.resolve(updates)
}

serve(answer, { moved: buffersOf })
