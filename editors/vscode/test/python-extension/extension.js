// The part of the Python extension's interface that hplint asks; tests select an interpreter with `select`.
const vscode = require('vscode');

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  let selected = process.env.HPLINT_TEST_PYTHON;
  return {
    environments: {
      getActiveEnvironmentPath: () => ({ id: selected, path: selected }),
      resolveEnvironment: async ({ path }) => ({ executable: { uri: vscode.Uri.file(path) } }),
      onDidChangeActiveEnvironmentPath: changed.event,
    },
    select(path) {
      selected = path;
      changed.fire({ path });
    },
  };
};
