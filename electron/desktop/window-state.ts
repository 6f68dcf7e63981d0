import { readFileSync, writeFileSync } from 'node:fs'

export interface Area { x: number; y: number; width: number; height: number }
/** Where the window was, as it is remembered between two starts. */
export interface WindowState { bounds: Area | null; maximized: boolean; fullScreen: boolean }

const nothing: WindowState = { bounds: null, maximized: false, fullScreen: false }
export const defaultSize = { width: 1440, height: 900 } as const
export const leastSize = { width: 800, height: 560 } as const
/** So much of the window has to be on a display, or its title bar could not be reached. */
const leastVisible = 100

/** Reads a remembered state from its text; whatever is wrong with it, the window opens at the default place. */
export function parseWindowState(text: string): WindowState {
  try {
    const value: unknown = JSON.parse(text)
    const { bounds, maximized, fullScreen } = (typeof value === 'object' && value !== null ? value : {}) as { [K in keyof WindowState]?: unknown }
    return { bounds: isArea(bounds) ? bounds : null, maximized: maximized === true, fullScreen: fullScreen === true }
  } catch {
    return nothing
  }
}

function isArea(value: unknown): value is Area {
  if (typeof value !== 'object' || value === null) return false
  const { x, y, width, height } = value as Record<string, unknown>
  return [x, y, width, height].every((number) => Number.isSafeInteger(number)) && Number(width) > 0 && Number(height) > 0
}

/** The remembered place, unless the display it was on is gone; never smaller than usable, never larger than the display. */
export function placeOnDisplays({ bounds }: Pick<WindowState, 'bounds'>, workAreas: readonly Area[]): Partial<Area> & { width: number; height: number } {
  const [first] = workAreas
  const display = bounds && workAreas.find((area) => overlapOf(bounds.x, bounds.width, area.x, area.width) >= leastVisible && overlapOf(bounds.y, bounds.height, area.y, area.height) >= leastVisible)
  if (!bounds || !display) return fitted(defaultSize, first ?? { x: 0, y: 0, ...defaultSize })
  return { x: bounds.x, y: bounds.y, ...fitted(bounds, display) }
}

function overlapOf(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}

function fitted(size: { width: number; height: number }, area: Area): { width: number; height: number } {
  const between = (least: number, value: number, most: number) => Math.max(least, Math.min(value, most))
  return { width: between(leastSize.width, size.width, area.width), height: between(leastSize.height, size.height, area.height) }
}

export function readWindowState(file: string): WindowState {
  try {
    return parseWindowState(readFileSync(file, 'utf8'))
  } catch {
    return nothing
  }
}

/** Keeps the state, at once: the app may end with the next event. A place that cannot be kept is not worth an error. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state))
  } catch {
    // The next start opens at the default place.
  }
}
