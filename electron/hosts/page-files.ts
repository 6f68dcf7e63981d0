import { realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.wasm': 'application/wasm',
  '.json': 'application/json', '.map': 'application/json', '.txt': 'text/plain; charset=utf-8',
}

/** A file of the built screen. */
export interface PageFile { path: string; type: string; bytes: number; etag: string; /** its name holds a hash of its content */ immutable: boolean }

/**
 * Finds the file that an address path such as `/assets/index-3f2a.js` names, below `folder` and of a known type; `/` is index.html.
 * Returns null for everything else: missing, a folder, hidden, outside of the folder by `..`, by encoding or by a symbolic link.
 */
export async function findPageFile(folder: string, addressPath: string): Promise<PageFile | null> {
  const parts = partsOf(addressPath)
  const type = parts && types[extname(parts.at(-1) ?? '').toLowerCase()]
  if (!parts || !type) return null
  try {
    const root = await realpath(folder)
    const path = await realpath(join(root, ...parts))
    const facts = await stat(path)
    if (!path.startsWith(root + sep) || !facts.isFile()) return null
    return { path, type, bytes: facts.size, etag: `"${facts.size.toString(36)}-${Math.trunc(facts.mtimeMs).toString(36)}"`, immutable: parts[0] === 'assets' }
  } catch {
    return null
  }
}

/** The names on the way to the file; null where one of them could lead elsewhere. */
function partsOf(addressPath: string): string[] | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(addressPath)
  } catch {
    return null
  }
  if (decoded === '/') return ['index.html']
  const parts = decoded.slice(1).split('/')
  return decoded.startsWith('/') && parts.every((part) => /^[\w][\w.-]*$/.test(part)) ? parts : null
}
