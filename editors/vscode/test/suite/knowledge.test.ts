import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, finding, open, placeOf, setText, until } from './editing';

/** The texts of the hovers at a place. */
async function hovers(document: vscode.TextDocument, place: vscode.Position): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, place);
  return found.flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n');
}

/** What completion offers at a place. */
async function completions(document: vscode.TextDocument, place: vscode.Position): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, place);
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('what hplint knows', () => {
  afterEach(closeAll);

  it('is told by a hover over a key', async () => {
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    assert.match(await hovers(document, placeOf(document, 'learning_rate')), /learning.rate/i);
  });

  it('completes values and keys', async () => {
    const editor = await open('photos.yaml');
    await finding(editor.document, 'OUT001');
    await setText(editor, editor.document.getText().replace('units: 10}', 'units: 10, activation: }'));
    const value = editor.document.positionAt(editor.document.getText().indexOf('activation: }') + 'activation: '.length);
    assert.ok((await completions(editor.document, value)).includes('softmax'));
    await setText(editor, `${editor.document.getText()}sched`);
    const key = editor.document.positionAt(editor.document.getText().length);
    assert.ok((await completions(editor.document, key)).includes('schedule'));
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
      vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('/photos.yaml.md')),
    );
    await until('what the output says', () => page.getText().includes('one of several classes'));
    await setText(editor, editor.document.getText().replace('kind: multiclass, classes: 12', 'kind: regression'));
    await until('the explanation to follow', () => !page.getText().includes('one of several classes'));
  });
});
