import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { actions, closeAll, codeOf, finding, findings, gone, open, setText } from './editing';

describe('findings', () => {
  afterEach(closeAll);

  it('are shown with their place, severity and a link to the page of the rule', async () => {
    const { document } = await open('photos.yaml');
    const missing = await finding(document, 'OUT001');
    assert.equal(document.getText(missing.range), 'class');
    assert.equal(missing.severity, vscode.DiagnosticSeverity.Error);
    assert.match(missing.message, /softmax/);
    assert.ok(typeof missing.code === 'object', 'the code carries a link');
    assert.match(await readFile(missing.code.target.fsPath, 'utf8'), /OUT001/);
    assert.deepEqual(findings(document).map(codeOf).sort(), ['OUT001', 'OUT009', 'REG002']);
  });

  it('show their evidence as related information', async () => {
    const { document } = await open('photos.yaml');
    const [loss] = (await finding(document, 'OUT001')).relatedInformation ?? [];
    assert.ok(loss, 'there is evidence');
    assert.equal(document.getText(loss.location.range), 'sparse_categorical_crossentropy');
  });

  it('go when their quick fix is applied', async () => {
    const { document } = await open('photos.yaml');
    const missing = await finding(document, 'OUT001');
    const offered = await actions(document, missing.range, 'quickfix');
    const fix = offered.find(({ title }) => title.startsWith('Add softmax'));
    assert.ok(fix?.edit, `Add softmax is among ${offered.map(({ title }) => title).join('; ')}`);
    assert.ok(fix.isPreferred, 'a safe fix is preferred');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(document.getText(), /units: 10, activation: softmax\}/);
    await gone(document, 'OUT001');
    await finding(document, 'OUT009');
  });

  it('go when all safe fixes are applied', async () => {
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    await vscode.commands.executeCommand('hplint.fixAll');
    await gone(document, 'OUT001');
    await gone(document, 'OUT009');
    await finding(document, 'REG002'); // its fix is not safe
  });

  it('go when the file is saved, with the settings of docs/editors.md', async () => {
    const editor = await open('saved.yaml');
    await finding(editor.document, 'OUT001');
    await setText(editor, editor.document.getText().replace('rate: 0.9', 'rate: 0.4'));
    await vscode.commands.executeCommand('workbench.action.files.save');
    await gone(editor.document, 'OUT001');
    assert.match(await readFile(editor.document.uri.fsPath, 'utf8'), /units: 12, activation: softmax\}/);
  });

  it('follow what is typed', async () => {
    const editor = await open('photos.yaml');
    await finding(editor.document, 'REG002');
    await setText(editor, editor.document.getText().replace('rate: 0.9', 'rate: 0.3'));
    await gone(editor.document, 'REG002');
  });

  it('can be ignored with a comment', async () => {
    const { document } = await open('photos.yaml');
    const { range } = await finding(document, 'REG002');
    const ignore = (await actions(document, range, 'quickfix')).find(({ title }) => title === 'Ignore REG002 here');
    assert.ok(ignore?.edit);
    assert.ok(await vscode.workspace.applyEdit(ignore.edit));
    assert.match(document.getText(), /# hplint: .*REG002/);
    await gone(document, 'REG002');
    await finding(document, 'OUT001');
  });

  it('come in JSON, in TOML, in .cfg files and in a text that is not saved yet', async () => {
    await finding((await open('digits.json')).document, 'OUT001');
    await finding((await open('learning-rate.toml')).document, 'LR006');
    await finding((await open('pipeline.cfg')).document, 'LR002');
    const { document } = await open('photos.yaml');
    const untitled = await vscode.workspace.openTextDocument({ language: 'yaml', content: document.getText() });
    await vscode.window.showTextDocument(untitled);
    await finding(untitled, 'OUT001');
  });
});
