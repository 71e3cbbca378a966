// What the tests do in the editor: open, wait, ask.
import * as path from 'node:path';
import * as vscode from 'vscode';

/** The folder that is open, a copy of test/workspace. */
export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new Error('the tests need an open folder');
  }
  return vscode.Uri.file(path.join(folder.uri.fsPath, name));
}

/** Opens a file of the workspace in an editor. */
export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(workspaceFile(name)));
}

/** Waits until `look` finds something, and returns it. */
export async function until<T>(what: string, look: () => T | undefined | false | PromiseLike<T | undefined | false>): Promise<T> {
  const end = Date.now() + 45_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function codeOf(diagnostic: vscode.Diagnostic): string {
  return String(typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code);
}

/** hplint's diagnostics of a document as they stand. */
export function findings(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'hplint');
}

/** Waits until a finding of the rule `code` is shown in a document. */
export function finding(document: vscode.TextDocument, code: string): Promise<vscode.Diagnostic> {
  return until(`${code} in ${document.uri}`, () => findings(document).find((one) => codeOf(one) === code));
}

/** Waits until a document has no finding of the rule `code`, while others may remain. */
export async function gone(document: vscode.TextDocument, code: string): Promise<void> {
  await until(`${code} to go from ${document.uri}`, () => !findings(document).some((one) => codeOf(one) === code));
}

/** The place of the first character of `text` in a document. */
export function placeOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  if (offset < 0) {
    throw new Error(`${document.uri} does not hold ${text}`);
  }
  return document.positionAt(offset);
}

/** The code actions that the light bulb offers at a place, with the edits that they make. */
export async function actions(document: vscode.TextDocument, range: vscode.Range, kind?: string): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, kind, 50);
}

/** Replaces the whole text of an editor. */
export async function setText(editor: vscode.TextEditor, text: string): Promise<void> {
  const whole = new vscode.Range(new vscode.Position(0, 0), editor.document.lineAt(editor.document.lineCount - 1).range.end);
  await editor.edit((edit) => edit.replace(whole, text));
}

/** Throws away what the tests wrote and closes all editors. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
