import { cycleTheme } from './state/theme.ts'
import { useView } from './state/view.ts'
import { Icon } from './ui/icon.tsx'

const looks = { system: { icon: 'theme', words: 'follows the system' }, light: { icon: 'sun', words: 'light' }, dark: { icon: 'moon', words: 'dark' } } as const

/** System, light, dark, in turn. */
export function ThemeButton() {
  const theme = useView((view) => view.theme)
  const { icon, words } = looks[theme]
  return <button type="button" className="btn btn-ghost" aria-label={`Theme: ${words}`} title={`Theme: ${words}`} onClick={cycleTheme}><Icon name={icon} /></button>
}
