import { registerHooks } from 'node:module'

/** `node --import register.ts main.js`: from here on `electron` is the stand-in. */
const standIn = new URL('./index.ts', import.meta.url).href
registerHooks({ resolve: (specifier, context, next) => specifier === 'electron' || specifier === 'electron/main' ? { url: standIn, shortCircuit: true } : next(specifier, context) })
