#!/usr/bin/env node
// JavaScript, and the only such file here: what is imported below comes from the cache of compiled code with its types gone. Were this
// file TypeScript too, each start would load Node's type stripper for it alone (100 ms, 16 MB).
import { enableCompileCache } from 'node:module'

// Compiled code is kept between calls (in the user's temporary folder): starting is most of what a short command costs.
enableCompileCache()
await import('./cli/program.ts')
