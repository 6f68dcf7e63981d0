import { cx } from './cx.ts'
import { iconPaths, type IconName } from './icon-paths.tsx'

/** A 16 px line icon. Decoration only: the word beside it, or its button's label, carries the meaning. */
export function Icon({ name, small = false, className }: { name: IconName; small?: boolean; className?: string }) {
  return (
    <svg className={cx('icon', small && 'icon-sm', className)} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {iconPaths[name]}
    </svg>
  )
}
