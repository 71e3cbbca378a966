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
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
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
async function texts(selector, part, wait = WAIT) {
  const shown = ([at, wanted]) => {
    const found = [...document.querySelectorAll(at)].map((element) => element.innerText.replace(/\s+/g, ' '));
    return found.some((text) => text.includes(wanted)) && !found.some((text) => /Loading\.\.\.|Checking for/.test(text));
  };
  await page.waitForFunction(shown, [selector, part], wait).catch(() => {
    throw new Error(`${selector} does not show "${part}"`);
  });
}

/** The middle of the first element, for the mouse; Playwright's own clicks would scroll the editor's inside. */
async function middle(element) {
  const box = await element.first().boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** A word in the editor. */
function word(text) {
  return page.locator('.view-line span', { hasText: new RegExp(`^${text}$`) });
}

/** Rests the mouse on an element until a hover says `part`; moves it again where what came first had other words. */
async function rest(element, part) {
  for (let tries = 1; ; tries++) {
    await page.keyboard.press('Escape'); // the hover before this one, which may lie in the way
    await page.mouse.move(5, 500);
    await page.mouse.move(...(await middle(element)), { steps: 3 });
    const shown = await texts(HOVER, part, { timeout: 8_000 }).then(() => true, (error) => tries === 8 && Promise.reject(error));
    if (shown) {
      return;
    }
  }
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
  await rest(page.locator('.monaco-editor .squiggly-error'), 'without softmax');
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
  await page.mouse.click(...(await middle(page.locator(errors))));
  await page.keyboard.press('Control+.');
  await texts('.action-widget', 'Add softmax');
  await picture('quick-fix');
  await page.keyboard.press('Enter');
  await page.waitForFunction(([at, count]) => document.querySelectorAll(at).length < count, [errors, before], WAIT);
  await picture('after-quick-fix');
}

async function hover() {
  await rest(word('learning_rate'), 'learning');
  await picture('hover');
  await page.mouse.move(5, 500);
}

async function completion() {
  await page.mouse.click(...(await middle(word('class'))));
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
  await page.keyboard.press('Control+Shift+e');
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'digits.keras' }).dblclick();
  await texts(STATUS, 'hplint: Keras');
  await page.keyboard.press('Control+b');
  await page.mouse.click(...(await middle(page.locator('.monaco-editor .view-line'))));
  await page.keyboard.press('Alt+F8');
  await texts('.marker-widget', 'hplint');
  await picture('keras-archive');
}

/** Opens the window anew in a folder that is not trusted, where findings must be shown all the same. */
async function restricted() {
  await open('photos.yaml', 'own format');
  await texts('.statusbar-item', 'Restricted Mode');
  await page.waitForSelector('.monaco-editor .squiggly-error', WAIT);
  await picture('restricted-mode');
}

/** Runs scenes one after the other in a VS Code of their own. */
async function act(name, options, scenes) {
  const server = await startServer(vscode, path.join(data, name), settings, { packages: [packaged], ...options });
  base = server.base;
  try {
    await withBrowser(async (browser) => {
      page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1.5 });
      try {
        await scenes();
      } catch (error) {
        await page.screenshot({ path: path.join(pictures, 'vscode-failed.png') });
        throw error;
      }
    });
  } finally {
    server.stop();
  }
}

await act('tour', {}, async () => {
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
});
await act('restricted', { trusted: false }, restricted);
process.exit();
