/** The name with its sign: two bars, cut by a line. */
export function Brand() {
  return (
    <div className="brand">
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <rect x="1" y="4" width="10" height="4.4" rx="1" fill="var(--ink)" /><rect x="1" y="11.6" width="10" height="4.4" rx="1" fill="var(--ink)" />
        <path d="M14 1v18" stroke="var(--cut-line)" strokeWidth="2.2" />
        <rect x="16.6" y="4" width="2.6" height="4.4" rx=".8" fill="var(--ink-3)" opacity=".55" /><rect x="16.6" y="11.6" width="2.6" height="4.4" rx=".8" fill="var(--ink-3)" opacity=".55" />
      </svg>
      Cutoff
    </div>
  )
}
