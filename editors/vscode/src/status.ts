// The item in the status bar: what hplint makes of the file in front, and the state of its server.
import * as vscode from 'vscode';
import { type Description, describe } from './requests';
import type { Health, Server } from './server';

const PAUSE = 500; // milliseconds without typing before the server is asked again what the file is

/** Shows the item beside files that hplint looks at. */
export function showStatus(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('hplint.status', vscode.StatusBarAlignment.Right, 90);
  item.name = 'hplint';
  item.command = 'hplint.showMenu';

  let description: Description | null | undefined;
  const show = (): void => {
    const failed = server.health.state === 'failed';
    item.text = label(server.health, description ?? undefined);
    item.tooltip = tooltip(server.health, description ?? undefined);
    item.backgroundColor = failed ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  };
  const update = async (): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    const handled = document !== undefined && server.handles(document);
    void vscode.commands.executeCommand('setContext', 'hplint.handlesEditor', handled);
    if (!handled) {
      item.hide();
      return;
    }
    show();
    item.show();
    const answer = await describe(server, document.uri);
    if (document === vscode.window.activeTextEditor?.document) {
      description = answer;
      void vscode.commands.executeCommand('setContext', 'hplint.recognised', typeof answer?.format === 'string');
      show();
    }
  };
  let pending: NodeJS.Timeout | undefined;
  void update();
  return vscode.Disposable.from(
    item,
    { dispose: () => clearTimeout(pending) },
    server.onDidChangeHealth(() => void update()),
    vscode.window.onDidChangeActiveTextEditor(() => {
      description = undefined;
      void update();
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document && server.handles(document)) {
        clearTimeout(pending);
        pending = setTimeout(() => void update(), PAUSE);
      }
    }),
  );
}

function label(health: Health, description: Description | undefined): string {
  const title = description?.format === 'hplint' ? 'own format' : description?.title;
  switch (health.state) {
    case 'starting':
      return '$(loading~spin) hplint';
    case 'running':
      return title ? `hplint: ${title}` : 'hplint';
    case 'stopped':
      return '$(circle-slash) hplint';
    case 'failed':
      return '$(error) hplint';
  }
}

function tooltip(health: Health, description: Description | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['hplint.restart', 'hplint.showLogs', 'hplint.explainConfig'] };
  if (description !== undefined) {
    const { title, reason } = description;
    text.appendMarkdown(title === null ? '**No training config**' : `**${title}**`);
    text.appendText(`: ${reason}\n\n`);
  }
  switch (health.state) {
    case 'running':
      text.appendText(`hplint ${health.version}, ${health.origin}`);
      break;
    case 'failed':
      text.appendText(`hplint does not run: ${health.reason}`);
      break;
    default:
      text.appendText(`hplint is ${health.state}`);
  }
  text.appendMarkdown(
    '\n\n[Explain this config](command:hplint.explainConfig) · [Restart](command:hplint.restart) · [Logs](command:hplint.showLogs)',
  );
  return text;
}
