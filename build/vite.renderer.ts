import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { notePackages } from './parts/licenses.ts'
import { preloadChunk } from './parts/preload-screen.ts'

const root = join(import.meta.dirname, '../renderer')

/**
 * Builds the screen into `out/renderer`: plain files with relative addresses, so that the web host and Electron's
 * own protocol serve the same bytes. Nothing is inlined (the content security policy allows neither inline scripts
 * nor `data:` scripts) and nothing is fetched from elsewhere.
 */
export default defineConfig({
  root,
  base: './',
  plugins: [react(), notePackages(), preloadChunk('/renderer/screen.tsx')],
  build: {
    outDir: join(import.meta.dirname, '../out/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    // The ruff linter is one file of 11 MB, loaded when the editor is idle; it is expected.
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
    // What the first picture needs is one file: each file more is a request that the browser and the engine, both just starting, have to
    // handle before anything can be drawn.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', test: /renderer\/main\.ts$/, priority: 2 },
            { name: 'screen', test: /renderer\/screen\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
})
