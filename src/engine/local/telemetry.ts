/**
 * The runtime's own reports are switched off before it begins. Its Linux build keeps reports of every session, to be sent to its makers, and reads
 * the command line for them: one of over 14,000 characters overflowed the stack there, which no error can tell of.
 */

/** Before the runtime is first used. Only the main thread can do it: a worker thread has a copy of the environment, which native code never sees. */
export function withoutTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1'
}
