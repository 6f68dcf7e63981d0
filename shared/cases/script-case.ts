/** One case of a script. `expectedText` null: whatever comes is right, as long as the run completes. Texts are JSON as they were typed. */
export interface ScriptCase { id: string; name: string; inputText: string; expectedText: string | null }
