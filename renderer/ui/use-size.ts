import { useLayoutEffect, useState, type RefObject } from 'react'

/** Size of an element in px, kept up to date; zero before it is laid out. */
export function useSize(ref: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const read = () => setSize((before) => {
      const { clientWidth: width, clientHeight: height } = element
      return before.width === width && before.height === height ? before : { width, height }
    })
    read()
    const observer = new ResizeObserver(read)
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return size
}
