/** The torn band between the linear head and the tail: nothing is drawn as elapsed beyond it. */
export function Tear({ x, height }: { x: number; height: number }) {
  const edge = (from: number) => `M${from} 0${Array.from({ length: Math.ceil(height / 10) + 1 }, () => ' l4 5 l-4 5').join('')}`
  return (
    <svg className="tear" x={x - 6} y={0} width={13} height={height} aria-hidden="true">
      <rect width={13} height={height} /><path d={edge(2)} /><path d={edge(7)} />
    </svg>
  )
}
