"""Open documents (원문공개): the nightly list of the portal with its PDF files; personal data is hidden on the way out."""
