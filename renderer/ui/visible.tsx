import { visiblePieces } from '../../shared/text/visible-text.ts'
import './visible.css'

/** A text with what cannot be seen in it written out, framed so that it is no text that somebody wrote. */
export function Visible({ text }: { text: string }) {
  return visiblePieces(text).map((piece, index) => (piece.shown === undefined ? piece.text : <Unseen key={index} text={piece.text} shown={piece.shown} />))
}

/** Characters that cannot be seen, as an escape sequence; `copiedText` gives them back as they were. */
export function Unseen({ text, shown }: { text: string; shown: string }) {
  return <span className="unseen" data-raw={text}>{shown}</span>
}
