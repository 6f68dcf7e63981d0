import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { inputFieldsOf } from '../../../shared/run/exact-json.ts'
import { jsonFaultOf } from '../../../shared/run/json-fault.ts'
import { UsageError } from './usage-error.ts'

type InputFields = ReturnType<typeof inputFieldsOf>

/** `--input`: the name of a file, or the JSON itself. Throws UsageError with the position of what is wrong. */
export async function readInput(argument: string | undefined): Promise<InputFields> {
  if (argument === undefined) return { input: {} }
  const file = resolve(argument)
  const found = argument.length < 4096 && !/^\s*[[{"]/.test(argument) ? await stat(file).catch(() => null) : null
  if (found?.isDirectory()) throw new UsageError('input_is_directory', `the input is a directory: ${argument}`, { where: file, hint: 'name a JSON file' })
  if (!found) {
    if (/^\s*([[{"\d-]|true\b|false\b|null\b)/.test(argument)) return parseInput(argument, '--input')
    throw new UsageError('input_not_found', `no such input file, and not JSON: ${argument}`, { where: file, hint: 'name a JSON file, or write JSON such as \'{"orders": []}\'' })
  }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError('input_unreadable', `the input file cannot be read: ${error.message}`, { where: file })
  })
  return parseInput(text, file)
}

function parseInput(text: string, where: string): InputFields {
  // A byte order mark is what Windows editors leave; it is no part of JSON.
  const body = text.replace(/^\uFEFF/, '')
  try {
    return inputFieldsOf(body)
  } catch (error) {
    const { problem, line, column } = jsonFaultOf(error, body)
    throw new UsageError('bad_json', `the input is not valid JSON: ${problem} at line ${line}, column ${column}`, { where: `${where}:${line}:${column}`, hint: 'names and texts need double quotes; no trailing comma' })
  }
}
