import '@mantine/core/styles/baseline.layer.css'
import './styles/mantine-components.ts'
import './styles/tokens.css'
import './styles/mantine.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/controls.css'
import { createRoot } from 'react-dom/client'
import { Root } from './root.tsx'
import { startScreen } from './state/start-screen.ts'
import { keepFocus } from './ui/keep-focus.ts'

/** Joins the screen with the engine and draws it. */
export function drawScreen(): void {
  const host = document.querySelector<HTMLElement>('#root')
  if (!host) throw new Error('index.html has no #root')
  startScreen()
  keepFocus(host)
  createRoot(host).render(<Root />)
}
