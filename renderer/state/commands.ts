import { explainLimit, limitKindOf, limitKinds } from '../../shared/limits/catalog.ts'
import { baseUnitOf, formatValue, parseValue } from '../../shared/limits/units.ts'
import { commandKeys, desktopKeys, paneKeys } from '../../shared/bridge/host-commands.ts'
import type { IconName } from '../ui/icon-paths.tsx'
import { copyText, goToCut, goToLimit, jumpTo, runNow, selectTime } from './actions.ts'
import { openScriptAt, askWhereToSave, openScriptFiles, saveScript, saveScriptAs } from './files.ts'
import { exportFormats, saveRunAs } from './export.ts'
import { compareWith, importRunFiles, openRunNumber } from './history.ts'
import { takePlanOfRun } from './plan-of-run.ts'
import { draftOfEdits } from './limits-of-plan.ts'
import { activeTab, addTab, editLimit, planLimits, updateTab, usePlan } from './plan.ts'
import { select } from './pointer.ts'
import { isLive, stopRun, useRun } from './run.ts'
import { openSample } from './samples.ts'
import { hostOf, useEngine } from './engine.ts'
import { changePlan, pickProfile, resetAllLimits } from './plan-undo.ts'
import { complain, takeBack, useUndo } from './undo.ts'
import { judgeRun } from './verdict.ts'
import { paneIds, setView, useView } from './view.ts'

/** Something the command palette can do. */
export interface Command { id: string; group: 'Do' | 'Go to' | 'Limits' | 'Samples and profiles' | 'Runs'; icon: IconName; label: string; hint: string; keys?: string; run: () => void }

/** Everything that can be done now, computed when the palette opens. */
export function commandsNow(): Command[] {
  return [...doCommands(), ...runCommands(), ...paneCommands(), ...placeCommands(), ...limitCommands(), ...sampleCommands()]
}

/** Keys that a browser keeps for itself are told only where they work. */
function keysHere(command: keyof typeof desktopKeys): string | undefined {
  return hostOf() === 'desktop' ? desktopKeys[command] : undefined
}

function doCommands(): Command[] {
  const live = isLive(useRun.getState())
  const plan = usePlan.getState()
  const clientLimit = planLimits(plan).find((limit) => limit.id === 'client.total')
  const flags = Object.entries(draftOfEdits(plan.edits)).map(([id, value]) => `--limit ${id}=${value.replace(/ \(.*\)$/, '')}`).join(' ')
  const { last } = useUndo.getState()
  return [
    ...(last ? [{ id: 'undo', group: 'Do', icon: 'refresh', label: 'Undo', hint: last.text, keys: 'Mod+Z', run: () => { takeBack() } } satisfies Command] : []),
    live ? { id: 'stop', group: 'Do', icon: 'stop', label: 'Stop the run', hint: 'the client leaves now', keys: 'Esc', run: () => void stopRun() } : { id: 'run', group: 'Do', icon: 'play', label: 'Run', hint: 'the script on the screen', keys: commandKeys['run.start'], run: () => void runNow() },
    ...(!live && clientLimit?.value != null ? [{ id: 'run-free', group: 'Do', icon: 'play', label: 'Run without the client limit', hint: 'keeps everything else', run: () => { editLimit('client.total', { value: null }); void runNow() } } satisfies Command] : []),
    { id: 'open', group: 'Do', icon: 'folder', label: 'Open a script', hint: '', keys: commandKeys['script.open'], run: () => void openScriptFiles() },
    { id: 'new', group: 'Do', icon: 'code', label: 'New script', hint: '', keys: keysHere('script.new'), run: () => { addTab(); setView({ pane: 'script' }) } },
    { id: 'save', group: 'Do', icon: 'save', label: 'Save the script', hint: '', keys: commandKeys['script.save'], run: () => void saveScript() },
    { id: 'save-as', group: 'Do', icon: 'save', label: 'Save the script as…', hint: 'another file', keys: keysHere('script.saveAs'), run: askWhereToSave },
    ...watchCommands(),
    ...paneIds.map((pane): Command => ({ id: `pane-${pane}`, group: 'Do', icon: ({ script: 'code', limits: 'limits', cases: 'cases', system: 'system', history: 'clock', diagnose: 'diagnose' } as const)[pane], label: `Open ${pane[0]?.toUpperCase()}${pane.slice(1)}`, hint: pane === 'diagnose' ? 'configurations and logs of a real system' : '', keys: paneKeys(pane), run: () => setView({ pane }) })),
    ...themeCommands(),
    { id: 'axis', group: 'Do', icon: 'fit', label: 'Time axis: next kind', hint: `now ${useView.getState().axisMode}`, run: () => setView({ axisMode: ({ break: 'log', log: 'linear', linear: 'break' } as const)[useView.getState().axisMode] }) },
    ...(flags ? [{ id: 'copy-limits', group: 'Do', icon: 'copy', label: 'Copy limits as command line flags', hint: flags, run: () => void copyText(flags, 'Flags') } satisfies Command] : []),
    ...(Object.keys(plan.edits).length > 0 ? [{ id: 'reset-limits', group: 'Do', icon: 'refresh', label: 'Reset limits to the profile', hint: '', run: resetAllLimits } satisfies Command] : []),
  ]
}

function themeCommands(): Command[] {
  const { theme } = useView.getState()
  const themes = [{ id: 'light', icon: 'sun', hint: '' }, { id: 'dark', icon: 'moon', hint: '' }, { id: 'system', icon: 'theme', hint: 'light or dark, as the system is' }] as const
  return themes.filter(({ id }) => id !== theme).map(({ id, icon, hint }): Command => ({ id: `theme-${id}`, group: 'Do', icon, label: `Theme: ${id}`, hint, run: () => setView({ theme: id }) }))
}

/** Whether the script runs again by itself; for one that has a file. */
function watchCommands(): Command[] {
  const { id, path, name, runOnSave } = activeTab(usePlan.getState())
  if (path === null) return []
  return [{ id: 'run-on-save', group: 'Do', icon: 'refresh', label: runOnSave ? 'No longer run again on save' : 'Run again on save', hint: `watches ${name}`, run: () => updateTab(id, { runOnSave: !runOnSave }) }]
}

/** What can be done with the run on the screen, and with those that are kept. */
function runCommands(): Command[] {
  const state = useRun.getState()
  const { runId } = state
  const ended = runId !== null && !isLive(state)
  return [
    ...(ended ? exportFormats.map((format): Command => ({ id: `export-${format.id}`, group: 'Do', icon: 'upload', label: `Export: ${format.label}`, hint: format.hint, run: () => void saveRunAs(runId, format.id, false) })) : []),
    ...(ended ? [{ id: 'take-plan', group: 'Do', icon: 'code', label: 'Use the plan of this run', hint: 'script, input and limits into the editor', run: () => void takePlanOfRun() }, { id: 'compare', group: 'Do', icon: 'compare', label: 'Compare this run with another', hint: '', run: () => compareWith(runId) }] satisfies Command[] : []),
    { id: 'import', group: 'Do', icon: 'upload', label: 'Import a run', hint: 'a record that a colleague sent', run: () => void importRunFiles() },
  ]
}

/** The lines between the panes, for who does not drag. Sizes in px. */
function paneCommands(): Command[] {
  const sizes = [
    { name: 'plan', selector: '.plan', side: 'width', key: useView.getState().pane === 'limits' ? 'widePlanWidth' : 'planWidth' }, { name: 'verdict', selector: '.verdict', side: 'height', key: 'verdictHeight' }, { name: 'timing chart', selector: '.timing', side: 'height', key: 'timingHeight' },
  ] as const
  const step = 64
  const resize = (size: (typeof sizes)[number], by: number) => {
    const now = document.querySelector(size.selector)?.getBoundingClientRect()[size.side]
    if (now !== undefined) setView({ [size.key]: Math.max(120, Math.round(now + by)) })
  }
  return [
    ...sizes.filter((size) => document.querySelector(size.selector)).flatMap((size): Command[] => [
      { id: `more-${size.name}`, group: 'Do', icon: 'fit', label: `More room for the ${size.name}`, hint: `${step} px`, run: () => resize(size, step) }, { id: `less-${size.name}`, group: 'Do', icon: 'fit', label: `Less room for the ${size.name}`, hint: `${step} px`, run: () => resize(size, -step) },
    ]),
    { id: 'panes-reset', group: 'Do', icon: 'refresh', label: 'Panes back to their usual sizes', hint: '', run: () => setView({ planWidth: null, widePlanWidth: null, inputHeight: null, verdictHeight: null, timingHeight: null }) },
  ]
}

/** Places in the run on the screen: the cut, evidence, the flow's last words. */
function placeCommands(): Command[] {
  const { run } = useRun.getState()
  const judged = judgeRun(run)
  if (!judged) return []
  return [
    ...(judged.verdict.atMs === null ? [] : [{ id: 'cut', group: 'Go to', icon: 'scissors', label: 'Go to the cut', hint: judged.verdict.cause, keys: 'C', run: goToCut } satisfies Command]),
    ...judged.verdict.evidence.flatMap((item, index): Command[] => (item.ref ? [{ id: `evidence-${index}`, group: 'Go to', icon: item.kind === 'log' ? 'lines' : 'signpost', label: item.text, hint: item.ref.replace(':', ' '), run: () => jumpTo(item.ref ?? '') }] : [])),
    ...run.logs.slice(-40).map((log): Command => ({ id: `log-${log.line}`, group: 'Go to', icon: 'lines', label: log.message, hint: `log line ${log.line + 1}`, run: () => select({ line: log.line, atMs: log.atMs }) })),
  ]
}

function limitCommands(): Command[] {
  const limits = planLimits(usePlan.getState())
  return limitKinds.filter((kind) => !kind.base.startsWith('proxy.') || usePlan.getState().proxies.length > 0).map((kind): Command => {
    const limit = limits.find((candidate) => candidate.id === kind.base)
    return {
      id: `limit-${kind.base}`, group: 'Limits', icon: 'limits', label: `Set ${kind.base} limit…`, hint: limit?.value == null ? 'not set' : `now ${formatValue(limit.value, limit.unit)}, ${limit.origin}`,
      run: () => {
        if (!limit) editLimit(kind.base, { value: baseUnitOf[kind.kind] === 'ms' ? 30_000 : null })
        goToLimit(kind.base)
      },
    }
  })
}

function sampleCommands(): Command[] {
  const { hello } = useEngine.getState()
  return [
    ...(hello?.samples ?? []).map((sample): Command => ({ id: `sample-${sample.id}`, group: 'Samples and profiles', icon: 'file', label: `Open sample: ${sample.title}`, hint: sample.tag, run: () => openSample(sample) })),
    ...usePlan.getState().profiles.map((profile): Command => ({ id: `profile-${profile.name}`, group: 'Samples and profiles', icon: 'flag', label: `Use profile: ${profile.title}`, hint: profile.name, run: () => pickProfile(profile.name) })),
  ]
}

/** What a query itself asks for: `:1240` an instant, `#412` a kept run, `client.total 2s` a limit, `/path/x.py` a file. */
export function askedCommands(query: string): Command[] {
  const limit = /^([a-z]+\d?\.[a-z_]+)[\s=]+(\S+)$/i.exec(query.trim())
  if (limit) return limitAsked(limit[1]?.toLowerCase() ?? '', limit[2] ?? '')
  const time = /^:\s*([\d.]+)\s*(ms|s)?$/.exec(query)
  if (time) {
    const atMs = Number(time[1]) * (time[2] === 's' ? 1000 : 1)
    return [{ id: 'asked-time', group: 'Go to', icon: 'clock', label: `Go to ${atMs} ms`, hint: 'in the chart and the log', run: () => selectTime(atMs) }]
  }
  const run = /^#\s*(\d+)$/.exec(query)
  if (run) return [{ id: 'asked-run', group: 'Go to', icon: 'clock', label: `Open run ${run[1]}`, hint: 'from the history', run: () => void openRunNumber(Number(run[1])) }]
  if (/^(\/|[A-Za-z]:\\).*\.pyw?$/.test(query)) return [
    { id: 'asked-file', group: 'Do', icon: 'folder', label: `Open ${query}`, hint: 'script on disk', run: () => void openScriptAt(query) },
    { id: 'asked-save', group: 'Do', icon: 'save', label: `Save the script as ${query}`, hint: 'from now on this tab is that file', run: () => void saveScriptAs(query, false).then((refused) => { if (refused) complain(refused.exists ? `${refused.problem} Save as, beside the script’s name, replaces it.` : refused.problem) }) },
  ]
  return []
}

/** A limit with its value; nothing as long as either cannot be read. */
function limitAsked(id: string, text: string): Command[] {
  const kind = limitKindOf(id)
  if (!kind) return []
  const off = /^(off|none)$/i.test(text)
  const parsed = parseValue(text, kind.kind)
  if (!off && !parsed.ok) return []
  const value = parsed.ok ? parsed.value : null
  const what = value === null ? `Take ${id} away` : `Set ${explainLimit(id, value).replace(' ', ' to ')}`
  return [{ id: 'asked-limit', group: 'Limits', icon: 'limits', label: what, hint: kind.meaning, run: () => changePlan(() => { editLimit(id, { value }); return value === null ? `${id} taken away` : `${id} set to ${formatValue(value, baseUnitOf[kind.kind])}` }) }]
}
