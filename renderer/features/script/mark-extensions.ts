import { RangeSet, StateEffect, StateField, type Extension, type Text } from '@codemirror/state'
import { Decoration, EditorView, gutter, GutterMarker, lineNumbers, WidgetType, type DecorationSet } from '@codemirror/view'
import type { LineMark, LineNote, RunMarks } from './run-marks.ts'

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
    bar.style.width = `${Math.max(1, Math.round(this.share * 40))}px`
    cell.append(bar)
    return cell
  }
}

/** A cell of the times, hatched. */
class NeverMarker extends GutterMarker {
  override elementClass = 'line-never'
  override eq() { return true }
  override toDOM() {
    const cell = document.createElement('span')
    cell.className = 'line-never-cell'
    cell.title = 'Not reached in this run'
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
    // As wide as the line, which may be wider than the pane: the tag keeps to what is in sight of it.
    const row = document.createElement('span')
    row.className = 'line-tag-row'
    row.append(tag)
    return row
  }
}

class NoteWidget extends WidgetType {
  readonly note: LineNote
  constructor(note: LineNote) { super(); this.note = note }
  override eq({ note }: NoteWidget) { return note.kind === this.note.kind && note.title === this.note.title && note.text === this.note.text }
  override toDOM() {
    const { kind, title, text } = this.note
    const box = document.createElement('div')
    box.className = `line-note line-note-${kind}`
    const head = document.createElement('b')
    head.textContent = title
    box.append(head)
    // Values are a list, one a line; what explains an error goes on behind it.
    if (text) box.append(kind === 'cut' ? `\n${text}` : ` ${text}`)
    return box
  }
}

/** What the run says, as the editor keeps it: each with its line, which edits carry along. */
interface Marks { decorations: DecorationSet; signs: RangeSet<GutterMarker>; times: RangeSet<GutterMarker> }
const nothing: Marks = { decorations: Decoration.none, signs: RangeSet.empty, times: RangeSet.empty }
const setMarks = StateEffect.define<{ marks: RunMarks; showTimes: boolean }>()

const marksField = StateField.define<Marks>({
  create: () => nothing,
  // What the run said stays until it says something else, or another run does.
  update(value, transaction) {
    const told = transaction.effects.find((effect) => effect.is(setMarks))
    if (told) return marksOf(transaction.state.doc, told.value.marks, told.value.showTimes)
    if (!transaction.docChanged) return value
    return { decorations: value.decorations.map(transaction.changes), signs: value.signs.map(transaction.changes), times: value.times.map(transaction.changes) }
  },
  provide: (self) => [
    EditorView.decorations.from(self, (marks) => marks.decorations),
    EditorView.editorAttributes.from(self, (marks) => ({ class: marks.times.size > 0 ? 'has-times' : '' })),
  ],
})

/** Line numbers with the sign gutter before and the time gutter behind them, and the marks themselves; nothing is shown until `showMarks`. The gutter of signs has its place from the start, so that nothing moves when there are some. */
export function markGutters(): Extension {
  return [
    lineNumbers(), marksField,
    gutter({ class: 'gutter-signs', markers: (view) => view.state.field(marksField).signs }),
    gutter({ class: 'gutter-times', markers: (view) => view.state.field(marksField).times }),
  ]
}

/** Shows the marks of a run: signs and times in gutters, the line's ground, a tag at its end, the error under it. */
export function showMarks(view: EditorView, marks: RunMarks, showTimes: boolean): void {
  view.dispatch({ effects: setMarks.of({ marks, showTimes }) })
}

function marksOf(doc: Text, { lines, note }: RunMarks, showTimes: boolean): Marks {
  const entries = [...lines].toSorted((a, b) => a[0] - b[0]).flatMap(([number, mark]) => (number >= 1 && number <= doc.lines ? [{ line: doc.line(number), mark }] : []))
  const decorations = entries.flatMap(({ line, mark }) => [
    ...mark.kind && mark.kind !== 'caller' ? [Decoration.line({ class: `line-${mark.kind}` }).range(line.from)] : [],
    ...mark.tag ? [Decoration.widget({ widget: new TagWidget(mark.tag, mark.kind), side: 1 }).range(line.to)] : [],
    ...note?.line === line.number ? [Decoration.widget({ widget: new NoteWidget(note), block: true, side: 2 }).range(line.to)] : [],
  ])
  const markers = (of: (mark: LineMark) => GutterMarker | null) => RangeSet.of(entries.flatMap(({ line, mark }) => of(mark)?.range(line.from) ?? []))
  return {
    decorations: Decoration.set(decorations, true),
    signs: markers((mark) => (mark.kind ? new SignMarker(mark.kind) : null)),
    times: markers((mark) => (!showTimes ? null : mark.time ? new TimeMarker(mark.time, mark.share) : mark.never ? new NeverMarker() : null)),
  }
}
