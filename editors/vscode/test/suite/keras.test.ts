import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actions, closeAll, codeOf, finding, findings, until, workspaceFile } from './editing';

/** Opens a file as a click in the explorer does, and waits for the text that is shown for it. */
async function click(name: string): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('vscode.open', workspaceFile(name));
  return until(`the config in ${name}`, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.scheme === 'hplint-keras' && document.uri.path.endsWith(name) && document;
  });
}

describe('a .keras archive', () => {
  afterEach(closeAll);

  it('opens as the config inside it, with findings', async () => {
    const document = await click('digits.keras');
    assert.equal(document.languageId, 'json');
    assert.match(document.getText(), /^\{\n {2}"class_name": "Sequential"/);
    assert.match(document.getText(), /"kernel_size": \[3, 3\]/);
    await finding(document, 'OUT001');
    assert.ok(findings(document).map(codeOf).includes('ACT001'));
  });

  it('is not offered edits, which could not be written into it', async () => {
    const document = await click('digits.keras');
    const missing = await finding(document, 'OUT001');
    const edits = (await actions(document, missing.range)).filter(({ edit }) => edit && edit.size > 0);
    assert.deepEqual(edits, []);
  });

  it('that is damaged says so', async () => {
    const document = await click('damaged.keras');
    assert.match(document.getText(), /cannot be read/);
  });
});
