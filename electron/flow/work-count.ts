/** Counts what is going on, and tells when nothing is any more. */
export interface WorkCount {
  /** One more thing goes on; the returned function, called once or more, ends it. */
  begin(): () => void
  readonly open: number
  /** Settles when nothing is going on, after what the kernel holds already has been looked at. */
  settled(): Promise<void>
}

export function countWork(): WorkCount {
  let open = 0
  let waiting: (() => void)[] = []
  return {
    get open() { return open },
    begin() {
      let going = true
      open++
      return () => {
        if (!going) return
        going = false
        if (--open > 0) return
        const told = waiting
        waiting = []
        for (const tell of told) tell()
      }
    },
    async settled() {
      do {
        if (open > 0) await new Promise<void>((resolve) => { waiting.push(resolve) })
        await twoTurns()
      } while (open > 0)
    },
  }
}

/** Bytes that lie in a socket's buffer are read in the next turn of the loop, what they set off happens in the one after. */
async function twoTurns(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => { setImmediate(resolve) })
}
