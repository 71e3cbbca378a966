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

/** The texts of the inlay hints of a document. */
async function hints(document: vscode.TextDocument): Promise<string[]> {
  const whole = new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
  return found.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
}

/** Waits until a page is shown as a preview. */
async function preview(name: string): Promise<void> {
  await until(`the preview of ${name}`, () =>
    vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.startsWith('Preview') && label.includes(name))),
  );
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

  it('stands in the text as hints, which can be switched off', async () => {
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    const all = await until('hints', async () => (await hints(document)).length > 0 && hints(document));
    assert.ok(all.some((hint) => hint.includes('64')), `the width of a layer is among ${all.join('; ')}`);
    const settings = vscode.workspace.getConfiguration('hplint');
    await settings.update('inlayHints.shapes', false, vscode.ConfigurationTarget.Workspace);
    await until('the hints of shapes to go', async () => (await hints(document)).length < all.length);
    await settings.update('inlayHints.shapes', undefined, vscode.ConfigurationTarget.Workspace);
    await until('the hints of shapes to come back', async () => (await hints(document)).length === all.length);
  });

  it('stands above a config as a line that leads to the explanation', async () => {
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    const [lens] = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
    assert.match(lens?.command?.title ?? '', /image/);
    assert.ok(lens?.command);
    await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
    await preview('photos.yaml.md');
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
    await preview('REG002.md');
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
