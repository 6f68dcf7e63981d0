import { httpPicture } from './http.ts'
import { libraryPicture } from './library.ts'
import type { Picture } from './picture.ts'
import { processPicture } from './process.ts'
import type { View } from './view.ts'

/** What one observer's view proves, whatever kind of observer it was. */
export function pictureOfView(view: View): Picture {
  switch (view.kind) {
    case 'http': return httpPicture(view)
    case 'client-lib': return libraryPicture(view)
    case 'process': return processPicture(view)
  }
}
