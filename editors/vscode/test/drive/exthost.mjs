// Runs the tests in dist-test/ inside VS Code's extension host; the exit status is theirs.
// node exthost.mjs VSCODE DATA FOLDER PYTHON
import fs from 'node:fs';
import path from 'node:path';
import { address, remote, startServer, withBrowser } from './vscode.mjs';

const [vscode, data, folder, python] = process.argv.slice(2);
const extension = path.resolve(import.meta.dirname, '../..');
const LIMIT = 240_000; // milliseconds, on a machine that does other things too

const MARK = 'test| '; // begins each line of the report; all else is VS Code's own log

function log(text) {
  if (text.startsWith(MARK)) {
    console.log(text.slice(MARK.length));
  } else {
    fs.appendFileSync(path.join(data, 'console.log'), `${text}\n`);
  }
}

/** The settings that docs/editors.md tells people to paste. */
function documented() {
  const page = fs.readFileSync(path.join(extension, '../../docs/editors.md'), 'utf8');
  return JSON.parse(/^## VS Code$.*?^```json\n(.*?)^```$/ms.exec(page)[1]);
}

process.env.HPLINT_TEST_PYTHON = python; // what the stand-in for the Python extension has selected
const server = await startServer(vscode, data, documented(), { unpacked: [path.join(extension, 'test/python-extension')] });
try {
  process.exitCode = await withBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const done = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (_type, words) => log(words.join(' ')));
    await page.goto(
      address(server.base, folder, [
        ['extensionDevelopmentPath', remote(server.base, extension)],
        ['extensionTestsPath', remote(server.base, path.join(extension, 'dist-test/index.js'))],
      ]),
    );
    const late = new Promise((resolve) => setTimeout(resolve, LIMIT, 'late'));
    const status = await Promise.race([done, late]);
    if (status === 'late') {
      console.log(`the tests did not end within ${LIMIT / 1000} s`);
      await page.screenshot({ path: path.join(data, 'late.png') });
    }
    return status === 0 ? 0 : 1;
  });
} finally {
  server.stop();
}
process.exit();
