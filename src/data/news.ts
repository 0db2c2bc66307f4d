/** What is worth telling while data comes from far away: texts of one line, for whoever listens. It prints nothing. */
import { type Channel, channel } from 'node:diagnostics_channel'

/** As node names channels, so that a program around the library can listen too. */
export const NEWS = 'tapo:data'

export const news: Channel = channel(NEWS)
