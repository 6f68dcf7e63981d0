import { create } from 'zustand'
import { announce } from './announcer.ts'

/** Work that the user waits for, told at the foot of the screen while it lasts. */
interface BusyState { tasks: readonly { id: number; text: string }[] }

export const useBusy = create<BusyState>(() => ({ tasks: [] }))

/** What is over before this (ms) needs no telling. */
const patienceMs = 500
let lastId = 0

/** Waits for work; where it takes its time, `text` says what is being done. */
export async function whileBusy<T>(text: string, work: Promise<T>): Promise<T> {
  const id = ++lastId
  const timer = setTimeout(() => {
    useBusy.setState(({ tasks }) => ({ tasks: [...tasks, { id, text }] }))
    announce(text)
  }, patienceMs)
  try {
    return await work
  } finally {
    clearTimeout(timer)
    useBusy.setState(({ tasks }) => (tasks.some((task) => task.id === id) ? { tasks: tasks.filter((task) => task.id !== id) } : {}))
  }
}
