import { curlPicture } from './curl.ts'
import { libraryWords } from './library-words.ts'
import { answerPicture } from './pages/index.ts'
import { named, pictureOf, type Picture } from './picture.ts'
import type { LibraryView } from './view.ts'

/** What a client library's report proves. */
export function libraryPicture(view: LibraryView): Picture {
  const picture = view.curlExit !== null ? curlPicture(view) : errorPicture(view) ?? answeredPicture(view)
  return { ...picture, atMs: picture.atMs ?? view.elapsedMs, product: picture.product ?? libraryOf(view.errors.join('\n')) }
}

function errorPicture(view: LibraryView): Picture | null {
  const said = view.errors.join('\n')
  if (said === '') return null
  for (const words of libraryWords) {
    const match = words.pattern.exec(said)
    if (!match) continue
    const value = Number(match[1] ?? Number.NaN)
    const product = words.product ?? libraryOf(said)
    const begun = view.phase === 'body' || (view.bodyBytes ?? 0) > 0
    // A read timeout after bytes have come is one between two reads.
    const readLimit = words.lead?.cause === 'client.first_byte' && begun
    return pictureOf({
      saw: words.saw, candidates: readLimit ? ['client.read', ...words.candidates.filter((cause) => cause !== 'client.read')] : [...words.candidates],
      lead: readLimit ? { cause: 'client.read', confidence: words.lead?.confidence ?? 0.8 } : words.lead ?? null, product, directive: words.directive ?? null,
      limitMs: Number.isFinite(value) ? value * (words.limitUnit === 's' ? 1000 : 1) : null,
    })
  }
  return null
}

function answeredPicture(view: LibraryView): Picture {
  if (view.status !== null && view.status >= 400) return answerPicture({ status: view.status, body: view.body, server: '', product: null, view: null })
  if (view.status !== null) return named('none', 0.93, `a complete ${view.status}`)
  return pictureOf({ saw: view.note || 'the library reported neither an answer nor an error that is known', candidates: ['unknown'] })
}

const libraries: [RegExp, string][] = [[/\brequests\./, 'requests'], [/\bhttpx\b|\bhttpcore\b/, 'httpx'], [/\baiohttp\b/, 'aiohttp'], [/\burllib3\b/, 'urllib3'], [/\bhttp\.client\b|urllib/, 'urllib'], [/\bAxiosError\b/, 'axios'], [/UND_ERR|undici/, 'undici'], [/\*?(?:url|net|http)\.\w*Error\b|dial tcp/, 'Go']]

function libraryOf(text: string): string | null {
  return libraries.find(([pattern]) => pattern.test(text))?.[1] ?? null
}
