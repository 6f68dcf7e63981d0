// `vitest` looks for its configuration here; it lives with the other tool configurations.
export { default } from './build/vitest.config.ts'
