import type { Plugin } from 'vite'

/**
 * Names the chunk of `entry`, which the page's first script imports by itself, with all that it imports and its styles, in the page: they
 * are fetched beside the first script and not after it.
 */
export function preloadChunk(entry: string): Plugin {
  return {
    name: 'cutoff-preload-chunk',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const parts = Object.values(bundle ?? {})
        const first = parts.find((part) => part.type === 'chunk' && part.moduleIds.some((id) => id.endsWith(entry)))
        if (first?.type !== 'chunk') throw new Error(`there is no chunk of ${entry} to be fetched ahead`)
        const chunks = new Set([first.fileName])
        for (const name of chunks) {
          const chunk = bundle?.[name]
          for (const imported of chunk?.type === 'chunk' ? chunk.imports : []) chunks.add(imported)
        }
        const styles = [...chunks].flatMap((name) => { const chunk = bundle?.[name]; return chunk?.type === 'chunk' ? [...chunk.viteMetadata?.importedCss ?? []] : [] })
        const named = (name: string) => !html.includes(name)
        return [
          ...[...chunks].filter(named).map((name) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${name}` }, injectTo: 'head' as const })),
          ...styles.filter(named).map((name) => ({ tag: 'link', attrs: { rel: 'stylesheet', crossorigin: true, href: `./${name}` }, injectTo: 'head' as const })),
        ]
      },
    },
  }
}
