import { useEffect, useState } from 'react'
import { Splitter } from './splitter.tsx'

interface HeightSplitterProps {
  label: string
  /** The pane above the line, as a selector. */
  of: string
  /** The height that was chosen for it, px; null: its content's. */
  chosen: number | null
  min: number
  max: number
  onSize: (size: number | null) => void
}

/** A line under a pane that is as high as its content until somebody moves it: moving begins at the height that the pane has then. */
export function HeightSplitter({ of, chosen, ...rest }: HeightSplitterProps) {
  const [height, setHeight] = useState(rest.min)
  useEffect(() => {
    const pane = document.querySelector(of)
    if (!pane) return undefined
    // The observer tells sizes that are known already; asking for them would make the browser lay the page out.
    const observer = new ResizeObserver(([entry]) => { if (entry?.borderBoxSize[0]) setHeight(entry.borderBoxSize[0].blockSize) })
    observer.observe(pane)
    return () => observer.disconnect()
  }, [of])
  return <Splitter kind="row" size={chosen ?? height} {...rest} />
}
