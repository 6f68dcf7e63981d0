import { join } from 'node:path'
import type { Configuration } from 'electron-builder'
import { licensesFile } from './parts/licenses.ts'

const root = join(import.meta.dirname, '..')

/** What the desktop packages hold and how they are made, for every platform. `npm run dist` builds them into `release/`. */
export const packaging: Configuration = {
  appId: 'dev.cutoff.app',
  productName: 'Cutoff',
  // ASCII, without spaces: it is also a command on Linux.
  executableName: 'cutoff-desktop',
  copyright: 'Copyright © the Cutoff authors. MIT License.',
  directories: { app: root, output: join(root, 'release'), buildResources: join(root, 'build/icons') },
  extraMetadata: { main: 'dist/electron/main.js' },
  // The mirror of electron/ and shared/ as JavaScript, the built screen, and the packages that the engine imports. No sources, no tests.
  files: [
    'dist/**/*', '!dist/cutoff.js', '!dist/electron/hosts/cli{,.js,/**}', 'dist/electron/hosts/cli/usage-error.js', 'package.json',
    '!**/*.{md,ts,map,tsbuildinfo}', '!**/{test,tests,__tests__,example,examples,.github}/**', '!node_modules/node-*/**', '!node_modules/.bin/**',
  ],
  // Python cannot read inside the archive.
  asar: true,
  asarUnpack: ['dist/electron/python/harness/**'],
  extraFiles: [{ from: join(root, 'LICENSE'), to: 'LICENSE.cutoff.txt' }, { from: join(root, 'dist', licensesFile), to: licensesFile }],
  // Nothing is compiled and nothing fetched: there are no native modules.
  npmRebuild: false,
  nodeGypRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    enableCookieEncryption: true,
    loadBrowserProcessSpecificV8Snapshot: false,
  },
  fileAssociations: [
    { ext: 'py', name: 'Python script', description: 'Python script', mimeType: 'text/x-python', role: 'Viewer', rank: 'Alternate' },
    { ext: 'cutoff', name: 'Cutoff run', description: 'Run recorded by Cutoff', mimeType: 'application/vnd.cutoff.run+json', role: 'Editor', rank: 'Owner' },
  ],
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  // No update check of any kind: nothing is published from here and no feed is written into the app.
  publish: null,
  linux: {
    target: ['AppImage', 'deb', 'rpm'], category: 'Development', maintainer: 'the Cutoff authors <cutoff@localhost>', vendor: 'Cutoff', icon: join(root, 'build/icons/icon.png'),
    synopsis: 'Finds what cut your request off', desktop: { entry: { StartupWMClass: 'Cutoff', Keywords: 'timeout;debug;python;http;' } },
  },
  deb: { depends: ['python3', 'libgtk-3-0', 'libnotify4', 'libnss3', 'libxss1', 'libxtst6', 'xdg-utils', 'libatspi2.0-0', 'libuuid1', 'libsecret-1-0'], recommends: ['nginx-light | nginx', 'haproxy'] },
  mac: {
    target: [{ target: 'dmg', arch: 'universal' }, { target: 'zip', arch: 'universal' }], category: 'public.app-category.developer-tools', icon: join(root, 'build/icons/icon.png'),
    hardenedRuntime: true, gatekeeperAssess: false, darkModeSupport: true,
  },
  win: { target: ['nsis', 'portable'], icon: join(root, 'build/icons/icon.png') },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, license: join(root, 'LICENSE') },
  portable: { artifactName: '${productName}-${version}-portable-${arch}.${ext}' },
}
