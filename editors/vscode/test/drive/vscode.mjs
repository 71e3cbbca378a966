// A VS Code server with the extension, and a browser that looks at it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** Everything that would distract from the file, or ask another machine something. */
const QUIET = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'editor.minimap.enabled': false,
  'git.enabled': false,
  'files.autoSave': 'off',
};

/** The Node that runs VS Code's server, which may need a newer one than this. */
const NODE = process.env.NODE ?? process.execPath;

async function freePort() {
  const listener = createServer();
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

/**
 * Starts a VS Code server.
 *
 * @param vscode the folder of VS Code's server
 * @param data an empty folder for everything that VS Code writes
 * @param settings the user's settings, besides those that keep VS Code quiet
 * @param options packages: .vsix files to install first; unpacked: folders of extensions to install first;
 *   trusted: whether folders are trusted, or restricted until the user says so
 * @returns its address, and how to stop it
 */
export async function startServer(vscode, data, settings, { packages = [], unpacked = [], trusted = true } = {}) {
  fs.mkdirSync(path.join(data, 'user/User'), { recursive: true });
  fs.writeFileSync(path.join(data, 'user/User/settings.json'), JSON.stringify({ ...QUIET, ...settings }));
  const main = path.join(vscode, 'out/server-main.js');
  const places = ['extensions', 'user-data', 'server-data'].flatMap((name) => [`--${name}-dir`, path.join(data, name.replace('-data', ''))]);
  const common = [...places, '--accept-server-license-terms'];
  for (const folder of unpacked) {
    const { publisher, name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    fs.cpSync(folder, path.join(data, 'extensions', `${publisher}.${name}-${version}`), { recursive: true });
  }
  const log = fs.openSync(path.join(data, 'server.log'), 'a');
  for (const file of packages) {
    const install = spawn(NODE, [main, '--install-extension', file, ...common], { stdio: ['ignore', log, log] });
    const status = await new Promise((resolve) => install.on('exit', resolve));
    if (status !== 0) {
      throw new Error(`${file} cannot be installed; ${data}/server.log says why`);
    }
  }
  const port = await freePort();
  const options = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--telemetry-level', 'off'];
  // VS Code runs tests in the extension host only for who drives it.
  const driven = ['--enable-smoke-test-driver', ...(trusted ? ['--disable-workspace-trust'] : [])];
  const server = spawn(NODE, [main, ...options, ...driven, ...common], { stdio: ['ignore', log, log], detached: true });
  const base = `http://127.0.0.1:${port}`;
  const stop = () => {
    try {
      process.kill(-server.pid); // with the extension host and the language server
    } catch {
      // it has ended by itself
    }
  };
  for (let tries = 0; tries < 300; tries++) {
    const up = await fetch(base).then((answer) => answer.ok, () => false);
    if (up) {
      return { base, stop };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  stop();
  throw new Error(`VS Code's server does not start; ${data}/server.log says why`);
}

/** The address that opens a folder in VS Code; `payload` is what VS Code is to do first. */
export function address(base, folder, payload) {
  return `${base}/?folder=${folder}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** The address of a file on the server, as VS Code in the browser writes it. */
export function remote(base, file) {
  return `vscode-remote://${new URL(base).host}${file}`;
}

/** Runs `use` with a browser, which is closed afterwards. */
export async function withBrowser(use) {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}
