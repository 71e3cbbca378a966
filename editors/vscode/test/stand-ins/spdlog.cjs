// Stands in for @vscode/spdlog, which is native: writes VS Code's log files plainly.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  constructor(file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    for (const level of LEVELS) {
      this[level] = (message) => fs.appendFileSync(file, `${new Date().toISOString()} [${level}] ${message}\n`);
    }
  }
  getLevel() {
    return 0;
  }
  setLevel() {}
  setPattern() {}
  clearFormatters() {}
  flush() {}
  drop() {}
}

// One by one, so that modules of the other kind find the names.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (_name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (_name, file) => new Logger(file);
