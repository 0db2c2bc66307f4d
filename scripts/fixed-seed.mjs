/** Property tests draw the same cases in every run: what passes here passes everywhere. `FAST_CHECK_SEED=N npm test` looks at others. */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) })
