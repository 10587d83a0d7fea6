"""The frame around all pages: access, language, security, errors, logs, metrics, forms, paging, what a feature brings."""
