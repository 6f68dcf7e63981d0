import { dialog, type BrowserWindow } from 'electron'
import { app as facts } from './app-facts.ts'

/** About: what this is, and every version that a report of a fault has to name. */
export async function showAbout(window: BrowserWindow): Promise<void> {
  const { electron = 'none', chrome = 'none', node } = process.versions
  await dialog.showMessageBox(window, {
    type: 'info', title: `About ${facts.name}`, message: `${facts.name} ${facts.version}`, buttons: ['OK'], noLink: true,
    detail: `Finds what cut your request off.\n\nElectron ${electron}\nChromium ${chrome}\nNode ${node}\n${process.platform} ${process.arch}\n\nMIT License. Works offline; sends nothing anywhere.`,
  })
}
