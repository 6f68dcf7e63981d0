import { MantineProvider, createTheme } from '@mantine/core'
import { useLayoutEffect } from 'react'
import { App } from './app.tsx'
import { useTheme } from './state/theme.ts'
import { useView } from './state/view.ts'

const theme = createTheme({
  fontFamily: 'var(--font)', fontFamilyMonospace: 'var(--mono)', cursorType: 'pointer', respectReducedMotion: true, focusRing: 'auto',
  components: {
    // What opens stands in the page's own header, not outside of every landmark; a menu's first item takes the focus itself.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, portalProps: { target: '#popups' } } },
    Popover: { defaultProps: { portalProps: { target: '#popups' } } },
    Combobox: { defaultProps: { portalProps: { target: '#popups' } } },
  },
})

/** The theme for our tokens and for Mantine, set together. */
export function Root() {
  const scheme = useTheme()
  const choice = useView((view) => view.theme)
  useLayoutEffect(() => {
    if (choice === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = choice
  }, [choice])
  return <MantineProvider theme={theme} forceColorScheme={scheme} withGlobalClasses={false}><App /></MantineProvider>
}
