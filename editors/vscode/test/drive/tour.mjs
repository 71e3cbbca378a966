// Uses the packaged extension as a person would, with mouse and keys, and takes pictures on the way.
// node tour.mjs VSCODE DATA FOLDER PACKAGE PICTURES
import path from 'node:path';
import { address, remote, startServer, withBrowser } from './vscode.mjs';

const [vscode, data, folder, packaged, pictures] = process.argv.slice(2);
const WAIT = { timeout: 60_000 };
const SIZE = { width: 1080, height: 660 };
const HOVER = '.monaco-hover:not(.hidden)';
const STATUS = '.statusbar-item[id$="hplint.status"]';

const settings = {
  'hplint.importStrategy': 'useBundled',
  'breadcrumbs.enabled': false,
  'editor.fontSize': 13,
  'editor.hover.above': false,
  'editor.hover.delay': 200,
  'editor.inlayHints.fontSize': 11,
  'editor.wordBasedSuggestions': 'off',
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
  'workbench.sideBar.location': 'right',
};

let page;
let base;

async function picture(name) {
  await page.waitForTimeout(600); // fades and cursors
  await page.screenshot({ path: path.join(pictures, `vscode-${name}.png`) });
  console.log(`picture: vscode-${name}.png`);
}

/** Opens a file of the folder in a fresh window, and waits until hplint has said what it finds. */
async function open(name, format) {
  await page.goto(address(base, folder, [['openFile', remote(base, path.join(folder, name))]]));
  await texts(STATUS, `hplint: ${format}`);
  await page.waitForSelector('.monaco-editor .view-line', WAIT);
  if (await page.locator('.part.sidebar').isVisible()) {
    await page.keyboard.press('Control+b'); // without the explorer there is more to see
  }
}

/** Runs a command as a person does who knows its name. */
async function command(name) {
  await page.keyboard.press('F1');
  await page.keyboard.type(name);
  await texts('.quick-input-list .monaco-list-row.focused', name);
  await page.keyboard.press('Enter');
}

/** Waits until the text of an element on the page holds `part`, and none says that it waits for something. */
async function texts(selector, part) {
  const shown = ([at, wanted]) => {
    const found = [...document.querySelectorAll(at)].map((element) => element.innerText.replace(/\s+/g, ' '));
    return found.some((text) => text.includes(wanted)) && !found.some((text) => /Loading\.\.\.|Checking for/.test(text));
  };
  await page.waitForFunction(shown, [selector, part], WAIT).catch(() => {
    throw new Error(`${selector} does not show "${part}"`);
  });
}

/** The middle of the nth element. */
async function middle(selector, nth = 0) {
  const box = await page.locator(selector).nth(nth).boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

async function hints() {
  await texts('.monaco-editor .view-lines', 'weights');
  await texts('.monaco-editor .codelens-decoration', 'image');
  await picture('inlay-hints');
}

/** This picture is the one in README.md, as docs/images/vscode.png. */
async function finding() {
  await page.setViewportSize({ width: SIZE.width, height: 700 });
  await page.waitForSelector('.monaco-editor .squiggly-error', WAIT);
  await page.mouse.move(...(await middle('.monaco-editor .squiggly-error')));
  await texts(HOVER, 'without softmax');
  await picture('finding');
  await page.mouse.move(5, 500);
  await page.setViewportSize(SIZE);
}

async function problems() {
  await page.keyboard.press('Control+Shift+m');
  await texts('.markers-panel', 'OUT001');
  await picture('problems');
  await page.keyboard.press('Control+j');
}

async function quickFix() {
  const errors = '.monaco-editor .squiggly-error';
  const before = await page.locator(errors).count();
  await page.mouse.click(...(await middle(errors)));
  await page.keyboard.press('Control+.');
  await texts('.action-widget', 'Add softmax');
  await picture('quick-fix');
  await page.keyboard.press('Enter');
  await page.waitForFunction(([at, count]) => document.querySelectorAll(at).length < count, [errors, before], WAIT);
  await picture('after-quick-fix');
}

async function hover() {
  await page.locator('.view-line span', { hasText: /^learning_rate$/ }).first().hover();
  await texts(HOVER, 'learning');
  await picture('hover');
  await page.mouse.move(5, 500);
}

async function completion() {
  await page.locator('.view-line span', { hasText: /^class$/ }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('- {type: dense, units: 8, activation: ');
  await page.keyboard.press('Control+Space');
  await texts('.suggest-widget.visible', 'relu');
  await page.keyboard.press('Control+Space'); // shows the documentation beside the list
  await page.waitForTimeout(400);
  await picture('completion');
  await page.keyboard.press('Escape');
}

async function explanation() {
  await command('hplint: Explain This Config');
  const preview = page.frameLocator('iframe.webview.ready').frameLocator('iframe');
  await preview.getByText('Which kind of model').waitFor(WAIT);
  await picture('explanation');
  await preview.getByText('line 11').first().click();
  await texts('.statusbar-item', 'Ln 11');
}

async function menu() {
  await page.click(STATUS);
  await texts('.quick-input-list', 'Restart server');
  await picture('menu');
  await page.keyboard.press('Escape');
}

async function archive() {
  await open('digits.keras', 'Keras');
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Alt+F8');
  await texts('.marker-widget', 'hplint');
  await picture('keras-archive');
}

const server = await startServer(vscode, data, settings, [packaged]);
base = server.base;
try {
  await withBrowser(async (browser) => {
    page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1.5 });
    try {
      await open('photos.yaml', 'own format');
      await hints();
      await finding();
      await hover();
      await problems();
      await quickFix();
      await completion();
      await menu();
      await archive();
      await open('photos.yaml', 'own format');
      await explanation();
    } catch (error) {
      await page.screenshot({ path: path.join(pictures, 'vscode-failed.png') });
      throw error;
    }
  });
} finally {
  server.stop();
}
process.exit();
