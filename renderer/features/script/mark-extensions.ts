import { RangeSet, StateField, type Extension, type Text } from '@codemirror/state'
import { Decoration, EditorView, gutter, GutterMarker, lineNumbers, WidgetType, type DecorationSet } from '@codemirror/view'
import type { LineMark, RunMarks } from './run-marks.ts'

const hotPath = 'M3 3.5h6L14 8l-5 4.5H3z'
const warningPath = 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1'

class SignMarker extends GutterMarker {
  readonly kind: NonNullable<LineMark['kind']>
  constructor(kind: NonNullable<LineMark['kind']>) { super(); this.kind = kind }
  override eq(other: SignMarker) { return other.kind === this.kind }
  override toDOM() {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    svg.setAttribute('viewBox', '0 0 16 16')
    svg.setAttribute('class', `icon icon-sm sign-${this.kind}`)
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
    path.setAttribute('d', this.kind === 'error' ? warningPath : hotPath)
    if (this.kind === 'hot' || this.kind === 'here') { path.setAttribute('fill', 'currentColor'); path.setAttribute('stroke', 'none') }
    svg.append(path)
    return svg
  }
}

class TimeMarker extends GutterMarker {
  readonly text: string
  readonly share: number
  constructor(text: string, share: number) { super(); this.text = text; this.share = share }
  override eq(other: TimeMarker) { return other.text === this.text && other.share === this.share }
  override toDOM() {
    const cell = document.createElement('span')
    cell.className = 'line-time num'
    cell.textContent = this.text
    const bar = document.createElement('i')
    bar.style.width = `${Math.max(1, Math.round(this.share * 46))}px`
    cell.append(bar)
    return cell
  }
}

class TagWidget extends WidgetType {
  readonly text: string
  readonly kind: LineMark['kind']
  constructor(text: string, kind: LineMark['kind']) { super(); this.text = text; this.kind = kind }
  override eq(other: TagWidget) { return other.text === this.text && other.kind === this.kind }
  override toDOM() {
    const tag = document.createElement('span')
    tag.className = `line-tag line-tag-${this.kind ?? 'quiet'}`
    tag.textContent = this.text
    return tag
  }
}

class ErrorWidget extends WidgetType {
  readonly title: string
  readonly text: string
  constructor(title: string, text: string) { super(); this.title = title; this.text = text }
  override eq(other: ErrorWidget) { return other.title === this.title && other.text === this.text }
  override toDOM() {
    const box = document.createElement('div')
    box.className = 'error-note'
    const title = document.createElement('b')
    title.textContent = this.title
    box.append(title)
    if (this.text) box.append(` ${this.text}`)
    return box
  }
}

/** Line numbers with the sign gutter before and the time gutter behind them; empty until a run has something to say. */
export function markGutters(): Extension {
  return [lineNumbers()]
}

/** The marks of a run: signs and times in gutters, the line's ground, a tag at its end, the error under it. */
export function markExtensions(marks: RunMarks, showTimes: boolean): Extension {
  const entries = [...marks.lines].toSorted((a, b) => a[0] - b[0])
  const lineAt = (doc: Text, line: number) => (line >= 1 && line <= doc.lines ? doc.line(line) : null)
  const decorations = (doc: Text): DecorationSet => {
    const ranges = []
    for (const [number, mark] of entries) {
      const line = lineAt(doc, number)
      if (!line) continue
      if (mark.kind && mark.kind !== 'caller') ranges.push(Decoration.line({ class: `line-${mark.kind}` }).range(line.from))
      if (mark.tag) ranges.push(Decoration.widget({ widget: new TagWidget(mark.tag, mark.kind), side: 1 }).range(line.to))
      if (marks.error?.line === number) ranges.push(Decoration.widget({ widget: new ErrorWidget(marks.error.title, marks.error.text), block: true, side: 2 }).range(line.to))
    }
    return Decoration.set(ranges, true)
  }
  const field = StateField.define<DecorationSet>({
    create: (state) => decorations(state.doc),
    // Edited lines carry their marks along; what the run said stays until the next run.
    update: (value, transaction) => (transaction.docChanged ? value.map(transaction.changes) : value),
    provide: (self) => EditorView.decorations.from(self),
  })
  const markers = (view: EditorView, markerOf: (mark: LineMark) => GutterMarker | null) => RangeSet.of(entries.flatMap(([number, mark]) => {
    const line = lineAt(view.state.doc, number)
    const marker = line ? markerOf(mark) : null
    return line && marker ? [marker.range(line.from)] : []
  }))
  return [
    field,
    gutter({ class: 'gutter-signs', markers: (view) => markers(view, (mark) => (mark.kind ? new SignMarker(mark.kind) : null)) }),
    showTimes && entries.some(([, mark]) => mark.time !== '') ? gutter({ class: 'gutter-times', markers: (view) => markers(view, (mark) => (mark.time ? new TimeMarker(mark.time, mark.share) : null)) }) : [],
  ]
}
