// Uses the packaged extension as a person would, with mouse and keys, and takes pictures on the way.
// node tour.mjs VSCODE DATA FOLDER PACKAGE PICTURES
import path from 'node:path';
import { address, remote, startServer, withBrowser } from './vscode.mjs';

const [vscode, data, folder, packaged, pictures] = process.argv.slice(2);
const WAIT = { timeout: 60_000 };

const settings = {
  'hplint.importStrategy': 'useBundled',
  'editor.fontSize': 13,
  'editor.inlayHints.fontSize': 11,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'editor.hover.delay': 200,
  'editor.wordBasedSuggestions': 'off',
  'breadcrumbs.enabled': false,
};

let page;

async function picture(name) {
  await page.waitForTimeout(500); // fades and cursors
  await page.screenshot({ path: path.join(pictures, `vscode-${name}.png`) });
  console.log(`picture: vscode-${name}.png`);
}

/** Opens a file of the folder in a fresh window, and waits until hplint has said what it finds. */
async function open(server, name) {
  await page.goto(address(server.base, folder, [['openFile', remote(server.base, path.join(folder, name))]]));
  await page.waitForSelector('.monaco-editor .squiggly-error', WAIT);
  await page.keyboard.press('Control+b'); // without the explorer there is more to see
}

/** The middle of the nth underlined place. */
async function squiggle(kind, nth = 0) {
  const box = await page.locator(`.monaco-editor .squiggly-${kind}`).nth(nth).boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** The texts of the rows of a list, once there are some. */
async function rows(selector) {
  await page.waitForSelector(selector, WAIT);
  return page.$$eval(selector, (found) => found.map((row) => row.innerText.replace(/\s+/g, ' ').trim()));
}

function expect(what, texts, part) {
  if (!texts.some((text) => text.includes(part))) {
    throw new Error(`${what} should hold "${part}": ${JSON.stringify(texts)}`);
  }
}

async function problems() {
  await page.keyboard.press('Control+Shift+m');
  expect('the Problems panel', await rows('.markers-panel .monaco-list-row'), 'OUT001');
  await picture('problems');
  await page.keyboard.press('Control+j');
}

async function hover() {
  await page.mouse.move(...(await squiggle('error')));
  expect('the hover', await rows('.monaco-hover:not(.hidden) .hover-row'), 'softmax');
  await picture('finding');
  await page.mouse.move(5, 400);
}

async function quickFix() {
  const before = await page.locator('.monaco-editor .squiggly-error').count();
  await page.mouse.click(...(await squiggle('error')));
  await page.keyboard.press('Control+.');
  expect('the quick-fix menu', await rows('.action-widget .monaco-list-row'), 'Add softmax');
  await picture('quick-fix');
  await page.keyboard.press('Enter');
  await page.waitForFunction((count) => document.querySelectorAll('.monaco-editor .squiggly-error').length < count, before, WAIT);
  await picture('after-quick-fix');
}

const server = await startServer(vscode, data, settings, [packaged]);
try {
  await withBrowser(async (browser) => {
    page = await browser.newPage({ viewport: { width: 1180, height: 720 }, deviceScaleFactor: 1.5 });
    try {
      await open(server, 'photos.yaml');
      await hover();
      await problems();
      await quickFix();
    } catch (error) {
      await page.screenshot({ path: path.join(pictures, 'vscode-failed.png') });
      throw error;
    }
  });
} finally {
  server.stop();
}
process.exit();
