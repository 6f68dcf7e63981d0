/** Is this a Mac? Decides between Cmd and Ctrl in every hint. */
export const onMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

/** The keys of a shortcut as people see them: `Ctrl`, `Enter`. `Mod` is Cmd on a Mac. */
export function keyNames(keys: string): string[] {
  if (keys === '+') return [keys]
  return keys.split('+').map((key) => (key === 'Mod' ? (onMac ? '⌘' : 'Ctrl') : key === 'Alt' && onMac ? '⌥' : key === 'Shift' && onMac ? '⇧' : key))
}

/** A shortcut hint: `<Keys keys="Mod+Enter" />`. Hidden from assistive technology: the control itself carries `aria-keyshortcuts`. */
export function Keys({ keys }: { keys: string }) {
  return <span className="keys" aria-hidden="true">{keyNames(keys).map((name) => <kbd key={name}>{name}</kbd>)}</span>
}

/** The value of `aria-keyshortcuts` for a shortcut. */
export function ariaKeys(keys: string): string {
  return keys.replace('Mod', onMac ? 'Meta' : 'Control')
}
