// Runs the hplint language server, and gives it a place in VS Code.
import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { needsRestart } from './configuration';
import { registerExplanations } from './explanation';
import { registerKerasArchives } from './kerasArchive';
import { onSelectedInterpreter } from './python';
import { Server } from './server';
import { showStatus } from './status';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('hplint', { log: true });
  const server = new Server(context, log);
  const restart = (): void => void server.restart();
  context.subscriptions.push(
    log,
    server,
    showStatus(server),
    registerCommands(server, log),
    registerExplanations(server),
    registerKerasArchives(),
    vscode.workspace.onDidChangeConfiguration((event) => needsRestart(event) && restart()),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  const selection = await onSelectedInterpreter(restart);
  if (selection !== undefined) {
    context.subscriptions.push(selection);
  }
  restart(); // not awaited: nothing of the editor should wait for Python
}
