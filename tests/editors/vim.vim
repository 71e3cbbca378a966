" Runs with ALE and the user's block loaded: waits for the findings in the open file, lets ALE apply the fix of OUT001,
" waits for that finding to go; reports at $HPLINT_REPORT.
function! s:Found() abort
  return get(get(g:ale_buffer_info, bufnr(''), {}), 'loclist', [])
endfunction

function! s:Codes() abort
  return sort(map(copy(s:Found()), {_, found -> found.code}))
endfunction

function! s:Wait(condition) abort
  let l:tries = 0
  while !a:condition() && l:tries < 3000
    sleep 20m
    let l:tries += 1
  endwhile
  return a:condition()
endfunction

let s:report = {}
if s:Wait({-> s:Codes() == ['OUT001', 'REG002']})
  let s:report.findings = s:Codes()
  let s:missing = filter(copy(s:Found()), {_, found -> found.code ==# 'OUT001'})[0]
  call cursor(s:missing.lnum, s:missing.col)
  let s:broken = getline('.')
  ALECodeAction
  call s:Wait({-> getline(s:missing.lnum) !=# s:broken})
  ALELint " which leaving insert mode would do, were a person typing
  call s:Wait({-> s:Codes() == ['REG002']})
  let s:report.fixed = getline(s:missing.lnum)
  let s:report.left = s:Codes()
endif
call writefile([json_encode(s:report)], $HPLINT_REPORT)
qall!
