// The item in the status bar: what hplint makes of the file in front, and the state of its server.
import * as vscode from 'vscode';
import type { Health, Server } from './server';

/** Shows the item beside files that hplint looks at, and whenever its server cannot run. */
export function showStatus(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('hplint.status', vscode.StatusBarAlignment.Right, 90);
  item.name = 'hplint';
  item.command = 'hplint.showMenu';

  const update = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const handled = document !== undefined && server.handles(document);
    void vscode.commands.executeCommand('setContext', 'hplint.handlesEditor', handled);
    item.text = label(server.health);
    item.tooltip = tooltip(server.health);
    const failed = server.health.state === 'failed';
    item.backgroundColor = failed ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    if (handled) {
      item.show();
    } else {
      item.hide();
    }
  };
  update();
  return vscode.Disposable.from(
    item,
    server.onDidChangeHealth(update),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
}

function label(health: Health): string {
  switch (health.state) {
    case 'starting':
      return '$(loading~spin) hplint';
    case 'running':
      return 'hplint';
    case 'stopped':
      return '$(circle-slash) hplint';
    case 'failed':
      return '$(error) hplint';
  }
}

function tooltip(health: Health): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = { enabledCommands: ['hplint.restart', 'hplint.showLogs', 'hplint.explainConfig'] };
  switch (health.state) {
    case 'running':
      text.appendMarkdown(`**hplint ${health.version}**\n\n`);
      text.appendText(health.origin);
      break;
    case 'failed':
      text.appendMarkdown('**hplint does not run**\n\n');
      text.appendText(health.reason);
      break;
    default:
      text.appendMarkdown(`**hplint** (${health.state})`);
  }
  text.appendMarkdown(
    '\n\n[Explain this config](command:hplint.explainConfig) · [Restart](command:hplint.restart) · [Logs](command:hplint.showLogs)',
  );
  return text;
}
