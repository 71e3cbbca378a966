import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, finding, open, placeOf, setText, until } from './editing';

/** The texts of the hovers at a place. */
async function hovers(document: vscode.TextDocument, place: vscode.Position): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, place);
  return found.flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n');
}

describe('what hplint knows', () => {
  afterEach(closeAll);

  it('is told by a hover over a key', async () => {
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    assert.match(await hovers(document, placeOf(document, 'learning_rate')), /learning.rate/i);
  });

  it('gives the outline its names', async () => {
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri);
    const names = symbols.flatMap(function all(one): string[] {
      return [one.name, ...one.children.flatMap(all)];
    });
    assert.ok(names.some((name) => name.includes('class')), `layer class is among ${names.join(', ')}`);
  });

  it('is told by the page of a rule', async () => {
    const editor = await open('photos.yaml');
    const { range } = await finding(editor.document, 'REG002');
    editor.selection = new vscode.Selection(range.start, range.start);
    await vscode.commands.executeCommand('hplint.openRulePage');
    await until('the preview of the page', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label.includes('REG002.md')),
    );
  });

  it('is explained for a config, and again when that changes', async () => {
    const editor = await open('photos.yaml');
    await finding(editor.document, 'OUT001');
    await vscode.commands.executeCommand('hplint.explainConfig');
    const page = await until('the explanation', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'hplint-explanation'),
    );
    await until('what the output says', () => page.getText().includes('one of several classes'));
    await setText(editor, editor.document.getText().replace('kind: multiclass, classes: 12', 'kind: regression'));
    await until('the explanation to follow', () => !page.getText().includes('one of several classes'));
  });
});
