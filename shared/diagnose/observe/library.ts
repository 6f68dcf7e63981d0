import { browserWords } from './browser-words.ts'
import { curlPicture } from './curl.ts'
import { libraryWords } from './library-words.ts'
import { answerPicture } from './pages/index.ts'
import { pictureOf, type Picture } from './picture.ts'
import { statusInWords } from './status-in-words.ts'
import type { LibraryView } from './view.ts'

/** What a client library's report proves. */
export function libraryPicture(view: LibraryView): Picture {
  const curlExit = view.curlExit ?? exitInWords(view.errors)
  const picture = curlExit !== null ? curlPicture({ ...view, curlExit }) : statusPicture(view) ?? errorPicture(view) ?? answeredPicture(view)
  return { ...picture, atMs: picture.atMs ?? view.elapsedMs, product: picture.product ?? libraryOf(view.errors.join('\n')) }
}

/** libcurl inside of a program: PHP and Guzzle ("cURL error 28: ..."), pycurl ("(28, '...')"), R, Ruby. */
function exitInWords(errors: readonly string[]): number | null {
  const match = /\bc?URL error (\d{1,2})\b|pycurl\.error: \((\d{1,2}),|libcurl[^\n]{0,60}\((\d{1,2})\)/i.exec(errors.join('\n'))
  return match ? Number(match[1] ?? match[2] ?? match[3]) : null
}

/** The library made an error of an error answer: its status is what was seen. */
function statusPicture(view: LibraryView): Picture | null {
  const said = statusInWords(view.errors.join('\n'))
  return said && view.status === null ? answerPicture({ ...said, body: view.body, server: '', product: null, view: null }) : null
}

function errorPicture(view: LibraryView): Picture | null {
  const said = view.errors.join('\n')
  if (said === '') return null
  for (const words of [...browserWords, ...libraryWords]) {
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
      ...(words.need ? { need: words.need } : {}),
      limitMs: Number.isFinite(value) ? value * (words.limitUnit === 's' ? 1000 : 1) : null,
    })
  }
  return null
}

function answeredPicture(view: LibraryView): Picture {
  if (view.status !== null && view.status >= 400) return answerPicture({ status: view.status, reason: '', body: view.body, server: '', product: null, view: null })
  // Several libraries (requests, Net::HTTP) hand over a body that was cut short without a word.
  if (view.status !== null) return pictureOf({ saw: `an answer of ${view.status} that the library took for whole`, candidates: ['none', 'network.closed'], lead: { cause: 'none', confidence: 0.88 } })
  return pictureOf({ saw: view.note || 'the library reported neither an answer nor an error that is known', candidates: ['unknown'] })
}

const libraries: [RegExp, string][] = [[/\brequests\./, 'requests'], [/\bhttpx\b|\bhttpcore\b/, 'httpx'], [/\baiohttp\b/, 'aiohttp'], [/\burllib3\b/, 'urllib3'], [/\bhttp\.client\b|urllib/, 'urllib'], [/\bAxiosError\b/, 'axios'], [/UND_ERR|undici/, 'undici'], [/\*?(?:url|net|http)\.\w*Error\b|dial tcp|\bnet\/http: |\bhttp2: /, 'Go']]

function libraryOf(text: string): string | null {
  return libraries.find(([pattern]) => pattern.test(text))?.[1] ?? null
}
