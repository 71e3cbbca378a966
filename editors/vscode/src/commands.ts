// What the command palette, the status item and the walkthrough offer.
import * as vscode from 'vscode';
import type { Server } from './server';

/** How many code actions are asked for with the edit that they make. */
const MOST_ACTIONS = 50;

/** Registers the extension's commands. */
export function registerCommands(server: Server, log: vscode.LogOutputChannel): vscode.Disposable {
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register('hplint.restart', () => server.restart()),
    register('hplint.showLogs', () => log.show()),
    register('hplint.showMenu', showMenu),
    register('hplint.openRulePage', openRulePage),
    register('hplint.fixAll', fixAll),
    register('hplint.ignoreHere', ignoreHere),
  );
}

async function showMenu(): Promise<void> {
  const entries = [
    { label: '$(list-tree) Explain this config', command: 'hplint.explainConfig' },
    { label: '$(book) Open the page of a rule', command: 'hplint.openRulePage' },
    { label: '$(wand) Apply all safe fixes', command: 'hplint.fixAll' },
    { label: '$(eye-closed) Ignore the finding here', command: 'hplint.ignoreHere' },
    { label: '$(output) Show logs', command: 'hplint.showLogs' },
    { label: '$(debug-restart) Restart server', command: 'hplint.restart' },
    { label: '$(gear) Open settings', command: 'workbench.action.openSettings', argument: 'hplint' },
  ];
  const picked = await vscode.window.showQuickPick(entries, { title: 'hplint' });
  if (picked !== undefined) {
    await vscode.commands.executeCommand(picked.command, ...('argument' in picked ? [picked.argument] : []));
  }
}

/** Opens the page of the rule whose finding is at the cursor; of several rules, or without one there, the user picks. */
async function openRulePage(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return;
  }
  const all = vscode.languages.getDiagnostics(editor.document.uri).filter(({ source }) => source === 'hplint');
  const here = all.filter(({ range }) => range.intersection(editor.selection) !== undefined);
  const pages = rulePages(here.length > 0 ? here : all);
  if (pages.length === 0) {
    void vscode.window.showInformationMessage('hplint has nothing to say about this file.');
    return;
  }
  const only = pages.length === 1 ? pages[0] : undefined;
  const picked = only ?? (await vscode.window.showQuickPick(pages, { title: 'Open the page of a rule' }));
  if (picked !== undefined) {
    await vscode.commands.executeCommand('markdown.showPreview', picked.page);
  }
}

/** Returns each rule once, with an example of what it says. */
function rulePages(diagnostics: readonly vscode.Diagnostic[]): (vscode.QuickPickItem & { page: vscode.Uri })[] {
  const pages = new Map<string, vscode.QuickPickItem & { page: vscode.Uri }>();
  for (const { code, message } of diagnostics) {
    if (typeof code === 'object') {
      pages.set(String(code.value), { label: String(code.value), detail: message, page: code.target });
    }
  }
  return [...pages.values()];
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.hplint', apply: 'first' });
}

/** Lets the user pick among the ways to leave the findings at the cursor be. */
async function ignoreHere(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return;
  }
  const { document, selection } = editor;
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    selection,
    vscode.CodeActionKind.QuickFix.value,
    MOST_ACTIONS,
  );
  const ways = actions.filter(({ title, edit }) => title.startsWith('Ignore ') && edit !== undefined);
  if (ways.length === 0) {
    void vscode.window.showInformationMessage('hplint finds nothing at the cursor that could be ignored.');
    return;
  }
  const entries = ways.map(({ title, edit }) => ({ label: title, edit }));
  const picked = await vscode.window.showQuickPick(entries, { title: 'Ignore the finding here' });
  if (picked?.edit !== undefined) {
    await vscode.workspace.applyEdit(picked.edit);
  }
}
