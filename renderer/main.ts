// The first thing that runs, and small: the engine is greeted while the screen's code is still on its way.
import './state/first-greeting.ts'

void import('./screen.tsx').then(({ drawScreen }) => drawScreen())
