/** `npm run build`: the package into dist/, when its sources changed. */
import { setUp } from './setup.mjs'

setUp()
