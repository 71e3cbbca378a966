-- Waits for the findings in the open file, applies the preferred fix of OUT001, waits for that finding to go;
-- reports at $HPLINT_REPORT. Runs in every Neovim from 0.7.
local function wait(what, condition)
  assert(vim.wait(60000, condition, 20), 'waited in vain for ' .. what)
end

local function codes(buffer)
  return vim.tbl_map(function(found) return found.code end, vim.diagnostic.get(buffer))
end

local function underlined(buffer, found)
  local line = vim.api.nvim_buf_get_lines(buffer, found.lnum, found.lnum + 1, true)[1]
  return line:sub(found.col + 1, found.end_col)
end

local function apply_preferred_fix(buffer, found)
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  local get_clients = vim.lsp.get_clients or vim.lsp.get_active_clients
  local client = get_clients()[1]
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  params.context = { diagnostics = {}, only = { 'quickfix' } }
  local answers = assert(vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', params, 30000))
  for _, answer in pairs(answers) do
    for _, action in ipairs(answer.result or {}) do
      if action.isPreferred then
        vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
        return client.offset_encoding
      end
    end
  end
  error('no preferred fix is offered: ' .. vim.inspect(answers))
end

-- What the server answers about the first place of `text`, `past` characters behind its start.
local function ask(buffer, method, text, past)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, true)) do
    local column = line:find(text, 1, true)
    if column then
      local params = {
        textDocument = { uri = vim.uri_from_bufnr(buffer) },
        position = { line = number - 1, character = column - 1 + past },
      }
      for _, answer in pairs(assert(vim.lsp.buf_request_sync(buffer, method, params, 30000))) do
        if answer.result then return vim.fn.json_encode(answer.result) end
      end
    end
  end
  error(method .. ' has no answer at ' .. text)
end

local function run()
  local buffer = vim.api.nvim_get_current_buf()
  wait('findings', function() return #vim.diagnostic.get(buffer) >= 2 end)
  local findings, missing = {}, nil
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(findings, { found.code, underlined(buffer, found) })
    if found.code == 'OUT001' then missing = found end
  end
  local encoding = apply_preferred_fix(buffer, assert(missing, 'OUT001 is not among the findings'))
  wait('OUT001 to go', function() return not vim.tbl_contains(codes(buffer), 'OUT001') end)
  return {
    hover = ask(buffer, 'textDocument/hover', 'learning_rate', 2),
    completion = ask(buffer, 'textDocument/completion', 'relu', 0),
    findings = findings,
    fixed = vim.api.nvim_buf_get_lines(buffer, missing.lnum, missing.lnum + 1, true)[1],
    left = codes(buffer),
    encoding = encoding,
  }
end

local fine, report = pcall(run)
if fine then
  vim.fn.writefile({ vim.fn.json_encode(report) }, vim.env.HPLINT_REPORT)
else
  io.stderr:write(tostring(report) .. '\n')
end
vim.cmd(fine and 'qall!' or 'cquit 1')
