import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import type { LayerTone } from './layers.ts'

/** One shape per layer, so that the mark speaks without its colour. */
const shapes: Record<LayerTone, ReactNode> = {
  client: <circle cx="5" cy="5" r="4.2" />,
  network: <path d="M.6 6.6C2 2.4 4 2.4 5 5s3 2.6 4.4-1.6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  proxy: <path d="M5 .4 9.6 5 5 9.6.4 5z" />,
  gateway: <rect x="1" y="1" width="8" height="8" rx=".6" />,
  connector: <path d="M5 .3 9.2 2.7v4.7L5 9.8.8 7.4V2.7z" />,
  python: <path d="M5 .9 9.7 9.2H.3z" />,
  os: <path d="M3.4.8h3.2v2.6h2.6v3.2H6.6v2.6H3.4V6.6H.8V3.4h2.6z" />,
}

/** The mark of a layer; hollow for what only belongs to it (the script's own output). */
export function LayerMark({ tone, hollow = false, muted = false }: { tone: LayerTone; hollow?: boolean; muted?: boolean }) {
  return (
    <svg className={cx('mark', !muted && `tone-${tone}`, hollow && 'mark-hollow')} viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      {shapes[tone]}
    </svg>
  )
}
