// .keras archives: their config.json, read without the weights beside it, as a text that can be read but not changed.
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import * as yauzl from 'yauzl';

export const KERAS_SCHEME = 'hplint-keras';
const VIEW_TYPE = 'hplint.kerasArchive';
const MEMBER = 'config.json';
const MOST_BYTES = 16 * 1024 * 1024;

const openArchive = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/** Lets VS Code open .keras files, showing the config inside. */
export function registerKerasArchives(): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.keras');
  watcher.onDidChange((uri) => changed.fire(configUri(uri)));
  return vscode.Disposable.from(
    changed,
    watcher,
    vscode.workspace.registerTextDocumentContentProvider(KERAS_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => configText(uri.with({ scheme: 'file' })),
    }),
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, {
      openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: showConfig,
    }),
  );
}

/** The address of the text that stands for the archive at `uri`. It ends in .keras, which VS Code takes for JSON. */
function configUri(uri: vscode.Uri): vscode.Uri {
  return uri.with({ scheme: KERAS_SCHEME });
}

/** Puts a text editor, where diagnostics and hovers work, in the place of the custom one. */
async function showConfig(archive: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
  const document = await vscode.workspace.openTextDocument(configUri(archive.uri));
  const column = panel.viewColumn;
  panel.dispose();
  await vscode.window.showTextDocument(document, column === undefined ? {} : { viewColumn: column });
}

/** Returns the config in an archive, one key a line; or a comment that says why there is none. */
async function configText(archive: vscode.Uri): Promise<string> {
  try {
    const text = await readMember(archive.fsPath);
    return `${spread(JSON.parse(text))}\n`;
  } catch (error) {
    return `// The config in this archive cannot be read: ${(error as Error).message}\n`;
  }
}

/** Returns JSON with one key a line, and with lists of plain values, such as shapes, in one line where they fit. */
function spread(value: unknown): string {
  const text = JSON.stringify(value, null, 2); // breaks of lines inside strings are escaped: these are all between values
  return text.replace(/\[\n\s+([^[\]{}]{1,80}?)\n\s+\]/g, (_, items: string) => `[${items.replace(/,\n\s+/g, ', ')}]`);
}

async function readMember(file: string): Promise<string> {
  const archive = await openArchive(file, { lazyEntries: true });
  try {
    const entry = await find(archive);
    if (entry.uncompressedSize > MOST_BYTES) {
      throw new Error(`${MEMBER} is larger than hplint reads`);
    }
    const stream = await promisify(archive.openReadStream.bind(archive) as Opener)(entry);
    const parts: Buffer[] = [];
    for await (const part of stream) {
      parts.push(part as Buffer);
    }
    return Buffer.concat(parts).toString('utf8');
  } finally {
    archive.close();
  }
}

type Opener = (entry: yauzl.Entry, done: (error: Error | null, stream: NodeJS.ReadableStream) => void) => void;

function find(archive: yauzl.ZipFile): Promise<yauzl.Entry> {
  return new Promise((resolve, reject) => {
    archive.on('entry', (entry: yauzl.Entry) => (entry.fileName === MEMBER ? resolve(entry) : archive.readEntry()));
    archive.on('end', () => reject(new Error(`it holds no ${MEMBER}`)));
    archive.on('error', reject);
    archive.readEntry();
  });
}
