import { app } from './app-facts.ts'
import { createEngine } from '../engine.ts'
import { answerCall } from '../hosts/engine-port.ts'
import type { FromEngine, ToEngine } from './engine-messages.ts'

/**
 * The engine in a process of its own: a flood of log lines never makes the windows wait, and when it dies the app lives on to say so.
 * Speaks with the main process over `process.parentPort`. When the main process goes, so does this one.
 */
// Ctrl+C in a terminal and the end of that terminal go to every process of the app. The main process is the one that acts on them.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
const engine = await createEngine({ history: 'on', host: 'desktop', version: app.version })
const { parentPort } = process
const say = (message: FromEngine) => parentPort.postMessage(message)

engine.onPush((push) => say({ kind: 'push', push }))
parentPort.on('message', ({ data }: { data: ToEngine }) => {
  if (data.kind === 'close') {
    void engine.close().finally(() => process.exit(0))
    return
  }
  // Checked once more: it costs little, and this process trusts no other.
  void answerCall(engine, data.name, data.args).then((answer) => say({ kind: 'answer', id: data.id, answer }))
})
say({ kind: 'ready' })
void engine.warm()
