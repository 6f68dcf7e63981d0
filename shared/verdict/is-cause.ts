import { causes, type Cause } from './causes.ts'

/** Is this id one of the closed set? A limit such as `connector.concurrency` shapes a run but is never its cause. */
export function isCause(id: string): id is Cause {
  return (causes as readonly string[]).includes(id)
}
