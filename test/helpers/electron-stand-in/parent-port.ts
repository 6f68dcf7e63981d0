import { EventEmitter } from 'node:events'

/** Loaded into the utility process before its module: gives it Electron's `process.parentPort`. */
const port = Object.assign(new EventEmitter(), { postMessage: (message: object) => { process.send?.(message) } })
process.on('message', (data) => port.emit('message', { data, ports: [] }))
// A utility process of Electron does not outlive its main process.
process.on('disconnect', () => process.exit(0))
Object.defineProperty(process, 'parentPort', { value: port })
