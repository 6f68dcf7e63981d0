import type { OpenedFile } from './opened-files.ts'

/** Files on their way to the page. They wait while there is none that could take them: not loaded yet, or loading again. */
export interface Handover {
  give(file: OpenedFile): void
  /** A page is there and takes what waits. */
  pageCame(): void
  /** The page went, or is about to load anew. */
  pageWent(): void
}

export function createHandover(take: (file: OpenedFile) => void): Handover {
  const waiting: OpenedFile[] = []
  let isThere = false
  return {
    give(file) {
      if (isThere) take(file)
      else waiting.push(file)
    },
    pageCame() {
      isThere = true
      for (const file of waiting.splice(0)) take(file)
    },
    pageWent() { isThere = false },
  }
}
