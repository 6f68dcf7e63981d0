import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Who may use this server: one-time tokens for addresses, sessions for browsers that exchanged one. All forgotten when the process ends. */
export interface Sessions {
  /** A token for one address; works once. */
  newToken(): string
  /** The session that this token buys; null for one that is unknown or spent. */
  exchange(token: string): string | null
  isSession(session: string | undefined): boolean
}

export function createSessions(): Sessions {
  const tokens = new Set<string>()
  const sessions = new Set<string>()
  const take = (set: Set<string>, secret: string) => [...set].find((known) => isSame(known, secret))
  return {
    newToken() {
      const token = randomBytes(32).toString('base64url')
      tokens.add(token)
      return token
    },
    exchange(token) {
      const known = take(tokens, token)
      if (known === undefined) return null
      tokens.delete(known)
      const session = randomBytes(32).toString('base64url')
      sessions.add(session)
      return session
    },
    isSession: (session) => session !== undefined && take(sessions, session) !== undefined,
  }
}

/** Compares in a time that does not tell where two secrets differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** The value of a cookie; undefined where it is missing. Browsers share cookies between ports, so its name carries the port. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at !== -1 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

export function cookieName(port: number): string {
  return `cutoff-${port}`
}

export function toSessionCookie(port: number, session: string): string {
  return `${cookieName(port)}=${session}; Path=/; HttpOnly; SameSite=Strict`
}
