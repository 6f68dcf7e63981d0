/** A finding of the linter; rows and columns count from 1. `code` null: the text does not parse. */
export interface Finding { row: number; column: number; endRow: number; endColumn: number; code: string | null; message: string }

interface RuffDiagnostic { code: string | null; message: string; start_location: { row: number; column: number }; end_location: { row: number; column: number } }

/** What is worth a mark under one's code: mistakes, not style. `print` is how a transform logs, so it is left alone. */
const settings = { 'line-length': 160, lint: { select: ['E9', 'F', 'B', 'PLE', 'ASYNC'], ignore: ['B008'] } }

let loading: Promise<(text: string) => Finding[]> | null = null

/** Lints Python source with ruff, in the page; the linter itself is loaded at the first call. An empty list when it cannot be loaded. */
export async function lintPython(text: string): Promise<Finding[]> {
  loading ??= load()
  try {
    return (await loading)(text)
  } catch {
    // It did not arrive: asked for again at the next change.
    loading = null
    return []
  }
}

async function load(): Promise<(text: string) => Finding[]> {
  const [{ default: init, Workspace, PositionEncoding }, { default: wasm }] = await Promise.all([
    import('@astral-sh/ruff-wasm-web'), import('@astral-sh/ruff-wasm-web/ruff_wasm_bg.wasm?url'),
  ])
  await init({ module_or_path: wasm })
  const workspace = new Workspace(settings, PositionEncoding.Utf16)
  return (text) => (workspace.check(text) as RuffDiagnostic[]).map((found) => ({
    row: found.start_location.row, column: found.start_location.column, endRow: found.end_location.row, endColumn: found.end_location.column, code: found.code, message: found.message,
  }))
}
