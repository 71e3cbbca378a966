;;; emacs.el --- Drives Emacs  -*- lexical-binding: t -*-
;;; Runs in batch with the user's block loaded: waits for the findings in the file that HPLINT_CONFIG names, applies the fix
;;; of OUT001, waits for that finding to go; reports at HPLINT_REPORT.
(require 'json)
(require 'flymake)
(require 'eglot)

(defun hplint-test-wait (what condition)
  "Let the editor work until CONDITION holds; fail, naming WHAT, when it does not for a minute."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "waited in vain for %s" what))
      (accept-process-output nil 0.02)
      (flymake-start)))) ; in batch, nothing else lets Flymake take what the server sent

(defun hplint-test-find (code)
  "Return the diagnostic whose text names CODE."
  (seq-find (lambda (found) (string-match-p code (flymake-diagnostic-text found))) (flymake-diagnostics)))

(defun hplint-test-shown (found)
  "Return the code that FOUND names, and the text it underlines."
  (let ((text (flymake-diagnostic-text found)))
    (list (and (string-match "\\(OUT001\\|REG002\\)" text) (match-string 1 text))
          (buffer-substring-no-properties (flymake-diagnostic-beg found) (flymake-diagnostic-end found)))))

(setq eglot-sync-connect 30
      eglot-confirm-server-edits nil
      eglot-confirm-server-initiated-edits nil
      flymake-no-changes-timeout 0.1)
(find-file (getenv "HPLINT_CONFIG"))
(run-hooks 'post-command-hook) ; eglot-ensure waits for it, and batch has no commands
(hplint-test-wait "eglot" #'eglot-managed-p)
(hplint-test-wait "findings" (lambda () (and (hplint-test-find "OUT001") (hplint-test-find "REG002"))))
(let* ((findings (mapcar #'hplint-test-shown (flymake-diagnostics)))
       (missing (hplint-test-find "OUT001"))
       (line (line-number-at-pos (flymake-diagnostic-beg missing)))
       (actions (append (eglot-code-actions (flymake-diagnostic-beg missing) (flymake-diagnostic-end missing) "quickfix") nil))
       (preferred (seq-find (lambda (action) (eq t (plist-get action :isPreferred))) actions)))
  (if (fboundp 'eglot-execute)
      (eglot-execute (eglot-current-server) preferred)
    (eglot--apply-workspace-edit (plist-get preferred :edit)))
  (eglot--signal-textDocument/didChange)
  (hplint-test-wait "OUT001 to go" (lambda () (not (hplint-test-find "OUT001"))))
  (goto-char (point-min))
  (forward-line (1- line))
  (let ((report `((encoding . ,(or (plist-get (eglot--capabilities (eglot-current-server)) :positionEncoding) "utf-16"))
                  (findings . ,(vconcat findings))
                  (fixed . ,(buffer-substring-no-properties (line-beginning-position) (line-end-position)))
                  (left . ,(vconcat (mapcar (lambda (found) (car (hplint-test-shown found))) (flymake-diagnostics)))))))
    (with-temp-file (getenv "HPLINT_REPORT") (insert (json-encode report)))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
