/**
 * Is this an access line of a request that went well, with nothing in it that a diagnosis could use? Only asked of large logs.
 * A status of 2xx or 3xx stands behind the quoted request (Common Log Format and its kin); a word of trouble makes it interesting anyway.
 */
export function isRoutine(line: string): boolean {
  const quote = line.indexOf('" ')
  if (quote === -1) return false
  const status = line.charCodeAt(quote + 2)
  // '2' and '3', followed by two digits and a space.
  if ((status !== 50 && status !== 51) || line.charCodeAt(quote + 5) !== 32) return false
  return !trouble.test(line)
}

const trouble = /timeout|timed|abort|reset|error|\b(?:499|408|502|503|504)\b|\b[CSscDPLRKI][CHDQLTRPd][-NDVI][-NIUPRD]\b/
