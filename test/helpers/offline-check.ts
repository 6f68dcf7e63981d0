import { runClassicCase } from './screen.ts'
import { openApp } from './web-app.ts'

/** Runs the classic case in a browser and prints what was seen, as JSON. Started where there is no network but loopback. */
const app = await openApp({ switches: process.argv.slice(2) })
try {
  const shown = await runClassicCase(app.page)
  process.stdout.write(`${JSON.stringify({ ...shown, requests: app.requests, complaints: app.complaints })}\n`)
} finally {
  await app.close()
}
