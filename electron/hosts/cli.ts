#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Compiled code is kept between calls (in the user's temporary folder): starting is most of what a short command costs.
enableCompileCache()
await import('./cli/program.ts')
