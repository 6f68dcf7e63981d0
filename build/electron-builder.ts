import { join } from 'node:path'
import type { Configuration } from 'electron-builder'
import { app } from '../electron/desktop/app-facts.ts'
import { licensesFile } from './parts/licenses.ts'

const root = join(import.meta.dirname, '..')
const icons = join(root, 'build/icons')
const executableName = 'cutoff-desktop'
const licenses = [{ from: join(root, 'LICENSE'), to: 'LICENSE.cutoff.txt' }, { from: join(root, 'dist', licensesFile), to: licensesFile }]
/** electron-builder's own variables. */
const hasCertificate = Boolean(process.env.CSC_LINK ?? process.env.CSC_NAME)

/** What the desktop packages hold and how they are made, for every platform. `npm run dist` builds them into `release/`. */
export const packaging: Configuration = {
  appId: app.id,
  productName: app.name,
  copyright: 'Copyright © the Cutoff authors. MIT License.',
  directories: { app: root, output: join(root, 'release'), buildResources: icons },
  // `desktopName`: by it Linux desktops find the entry, the icon and the name that belong to a window. `homepage`: deb and rpm demand one.
  extraMetadata: { main: 'dist/electron/main.js', desktopName: `${executableName}.desktop`, homepage: homepage() },
  // The mirror of electron/ and shared/ as JavaScript, the built screen, and the packages that the engine imports. No sources, no tests.
  files: [
    'dist/**/*', '!dist/cutoff.js', '!dist/electron/hosts/cli{,.js,/**}', 'dist/electron/hosts/cli/usage-error.js', 'package.json',
    '!**/*.{md,ts,map,tsbuildinfo}', '!**/{test,tests,__tests__,example,examples,.github}/**', '!node_modules/node-*/**', '!node_modules/.bin/**',
  ],
  // Python cannot read inside the archive.
  asar: true,
  asarUnpack: ['dist/electron/python/harness/**'],
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
  // Saved runs are ours; Python scripts only can be opened with Cutoff: each platform below says it in its own way.
  fileAssociations: [{ ext: 'cutoff', name: 'Cutoff run', description: 'Run recorded by Cutoff', mimeType: 'application/vnd.cutoff.run+json', role: 'Editor', rank: 'Owner' }],
  // The screen speaks English.
  electronLanguages: ['en', 'en-US'],
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  // No update check of any kind: nothing is published from here and no feed is written into the app.
  publish: null,
  // The present runtime of AppImages: needs no libfuse2, which systems no longer bring, and does not switch Chromium's sandbox off.
  toolsets: { appimage: '1.0.3' },
  linux: {
    // A command, besides: small letters, and not `cutoff`, which is the command line of the npm package. Elsewhere the program is called Cutoff.
    executableName,
    target: ['AppImage', 'deb', 'rpm'], category: 'Development', maintainer: 'the Cutoff authors <cutoff@localhost>', vendor: 'the Cutoff authors', icon: join(icons, 'linux'), extraFiles: licenses,
    synopsis: 'Finds what cut your request off', syncDesktopName: true, mimeTypes: ['text/x-python', 'text/x-python3'], desktop: { entry: { Keywords: 'timeout;debug;python;http;' } },
  },
  deb: { depends: ['python3', 'libgtk-3-0', 'libnotify4', 'libnss3', 'libxss1', 'libxtst6', 'xdg-utils', 'libatspi2.0-0', 'libuuid1', 'libsecret-1-0'], recommends: ['nginx-light | nginx', 'haproxy'] },
  rpm: { depends: ['python3', 'gtk3', 'libnotify', 'nss', 'libXScrnSaver', '(libXtst or libXtst6)', 'xdg-utils', 'at-spi2-core', '(libuuid or libuuid1)'] },
  mac: {
    target: [{ target: 'dmg', arch: 'universal' }, { target: 'zip', arch: 'universal' }], category: 'public.app-category.developer-tools', icon: join(icons, 'icon.icns'), darkModeSupport: true,
    // Beside the archive: what lies anywhere else in a bundle troubles its signature.
    extraResources: licenses,
    fileAssociations: [{ ext: ['py', 'pyw'], name: 'Python script', role: 'Viewer', rank: 'Alternate' }],
    // Without a certificate the app is signed for the one machine it runs on (ad hoc): Apple's own processors start nothing that is unsigned.
    ...(hasCertificate ? { hardenedRuntime: true } : { identity: '-', hardenedRuntime: false }), gatekeeperAssess: false,
  },
  win: { target: ['nsis', 'portable'], icon: join(icons, 'icon.ico'), extraFiles: licenses },
  nsis: {
    oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, license: join(root, 'LICENSE'), artifactName: '${productName}-${version}-setup-${arch}.${ext}',
    // Adds Cutoff to "Open with" of scripts; as a file association the installer would take them away from Python.
    include: join(root, 'build/nsis/open-with.nsh'),
  },
  portable: { artifactName: '${productName}-${version}-portable-${arch}.${ext}' },
}

/** The forge's page of the checkout that is packed; elsewhere an address that nobody can have (RFC 2606). */
function homepage(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
  return server && repository ? `${server}/${repository}` : 'https://cutoff.invalid/'
}
