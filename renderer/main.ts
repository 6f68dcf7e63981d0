// The first thing that runs, and small: the engine is greeted while the screen's code is still on its way.
import { earlyDraft, greeting } from './state/first-greeting.ts'

/** An engine that takes longer (ms) than this is waited for on the screen. */
const patienceMs = 150

const answered = Promise.allSettled([greeting, earlyDraft])
const late = new Promise((resolve) => { setTimeout(resolve, patienceMs) })

// Drawn once and ready, where the engine's answer is as good as there.
void import('./screen.tsx').then(async ({ drawScreen }) => { await Promise.race([answered, late]); drawScreen() })
