/** Names of the IPC channels between main process and preload. */
export const channels = { call: 'cutoff:call', push: 'cutoff:push', dropped: 'cutoff:dropped', asked: 'cutoff:asked' } as const
