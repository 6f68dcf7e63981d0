import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { root, type Part } from './fresh.ts'
import { bundledNames, licensesFile, writeLicenses } from './licenses.ts'
import { mirrorSources } from './mirror.ts'

const own = ['package.json', 'package-lock.json', 'build/parts']

/** The screen: what browsers and Electron show. */
export const screen: Part = {
  name: 'screen', inputs: ['renderer', 'shared', 'build/vite.renderer.ts', ...own], output: 'out/renderer/index.html',
  build: () => forProduction(async () => { await build({ configFile: join(root, 'build/vite.renderer.ts'), configLoader: 'native', logLevel: 'warn' }) }),
}

/** Engine, hosts and desktop shell as JavaScript: what Electron and the npm package run. */
export const program: Part = {
  name: 'program', inputs: ['electron', 'shared', 'build/npm', ...own], output: 'dist/electron/preload.cjs',
  build: async () => {
    mirrorSources(join(root, 'dist'))
    cpSync(join(root, 'build/npm/cutoff.js'), join(root, 'dist/cutoff.js'))
    await buildPreload()
    await buildExeca()
  },
}

/** A copy of the screen beside the program, where both packages look for it. */
export const packagedScreen: Part = {
  name: 'packaged screen', inputs: ['out/renderer'], output: 'dist/out/renderer/index.html',
  build: () => {
    rmSync(join(root, 'dist/out'), { recursive: true, force: true })
    mkdirSync(join(root, 'dist/out'), { recursive: true })
    cpSync(join(root, 'out/renderer'), join(root, 'dist/out/renderer'), { recursive: true })
  },
}

/** What the authors of the packages in it ask to be shipped with them. */
export const licenses: Part = {
  name: 'licences', inputs: [`out/renderer/${bundledNames}`, ...own], output: `dist/${licensesFile}`,
  build: () => writeLicenses(join(root, 'dist')),
}

export const allParts: readonly Part[] = [screen, program, packagedScreen, licenses]

/** Whatever NODE_ENV says (a test run sets `test`, a shell perhaps `development`): by it JSX and React would be built for two different worlds. */
async function forProduction(act: () => Promise<void>): Promise<void> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    await act()
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

/** A sandboxed preload is one CommonJS file: it may require `electron` and nothing else. */
async function buildPreload(): Promise<void> {
  await build({
    configFile: false, root, logLevel: 'warn', publicDir: false,
    build: {
      ssr: join(root, 'electron/preload.ts'), outDir: join(root, 'dist/electron'), emptyOutDir: false, target: 'chrome130', minify: false,
      rolldownOptions: { external: ['electron'], output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
    },
    ssr: { noExternal: true },
  })
}

/** One file in place of a hundred and fifty: reading those is a large part of what the first run of a process waits for. */
async function buildExeca(): Promise<void> {
  await build({
    configFile: false, root, logLevel: 'warn', publicDir: false,
    build: {
      ssr: join(root, 'node_modules/execa/index.js'), outDir: join(root, 'dist/electron/python'), emptyOutDir: false, target: 'node24', minify: false,
      rolldownOptions: { output: { format: 'esm', entryFileNames: 'execa.js' } },
    },
    ssr: { noExternal: true },
  })
}
