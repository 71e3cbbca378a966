import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { closeAll, finding, findings, gone, open, setText, until, workspaceFile } from './editing';

describe('the server', () => {
  afterEach(closeAll);

  it('knows the open documents again after a restart, and follows them', async () => {
    const editor = await open('photos.yaml');
    await finding(editor.document, 'OUT001');
    await vscode.commands.executeCommand('hplint.restart');
    await finding(editor.document, 'OUT001');
    await setText(editor, editor.document.getText().replace('units: 10', 'units: 10, activation: softmax'));
    await gone(editor.document, 'OUT001');
    await finding(editor.document, 'OUT009');
  });

  it('survives restarts in a row', async () => {
    const { document } = await open('photos.yaml');
    await Promise.all([1, 2, 3].map(() => vscode.commands.executeCommand('hplint.restart')));
    await finding(document, 'OUT001');
  });

  it('comes back when it crashes', async () => {
    const editor = await open('photos.yaml');
    await finding(editor.document, 'OUT001');
    const servers = (): string[] => spawnSync('pgrep', ['-P', String(process.pid), '-f', 'launch.py'], { encoding: 'utf8' }).stdout.trim().split('\n');
    const [crashing] = servers();
    process.kill(Number(crashing), 'SIGKILL');
    await until('another server', () => servers().some((pid) => pid !== '' && pid !== crashing));
    await setText(editor, editor.document.getText().replace('rate: 0.9', 'rate: 0.3'));
    await gone(editor.document, 'REG002');
    await finding(editor.document, 'OUT001');
  });

  it('obeys hplint.toml as soon as it is written', async () => {
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    const settings = workspaceFile('hplint.toml').fsPath;
    try {
      await writeFile(settings, 'ignore = ["OUT001"]\n');
      await gone(document, 'OUT001');
      await finding(document, 'OUT009');
    } finally {
      await rm(settings);
    }
    await finding(document, 'OUT001');
  });

  it('obeys the settings of the editor as soon as they change', async () => {
    const settings = vscode.workspace.getConfiguration('hplint');
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    await settings.update('ignore', ['OUT001'], vscode.ConfigurationTarget.Workspace);
    await gone(document, 'OUT001');
    await finding(document, 'OUT009');
    await settings.update('ignore', undefined, vscode.ConfigurationTarget.Workspace);
    await finding(document, 'OUT001');
  });

  it('is started again with the interpreter that the user selects', async () => {
    const python = vscode.extensions.getExtension<{ select(path: string): void }>('ms-python.python');
    assert.ok(python?.isActive, 'the Python extension was asked');
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    python.exports.select('/nowhere/python');
    await until('the findings of the old server to go', () => findings(document).length === 0);
    python.exports.select(process.env.HPLINT_TEST_PYTHON ?? '');
    await finding(document, 'OUT001');
  });

  it('is started again with the interpreter that the settings name', async () => {
    const settings = vscode.workspace.getConfiguration('hplint');
    const { document } = await open('photos.yaml');
    await finding(document, 'OUT001');
    await settings.update('interpreter', ['/nowhere/python'], vscode.ConfigurationTarget.Workspace);
    await until('the findings of the old server to go', () => findings(document).length === 0);
    await settings.update('interpreter', undefined, vscode.ConfigurationTarget.Workspace);
    await finding(document, 'OUT001');
  });

  it('does not look at what is no training config', async () => {
    await finding((await open('photos.yaml')).document, 'OUT001');
    const content = 'services:\n  web:\n    image: nginx\n';
    const other = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    await vscode.window.showTextDocument(other);
    const editor = await open('photos.yaml');
    await setText(editor, editor.document.getText().replace('rate: 0.9', 'rate: 0.3'));
    await gone(editor.document, 'REG002'); // by now the server has seen the other one
    assert.deepEqual(findings(other), []);
  });
});
