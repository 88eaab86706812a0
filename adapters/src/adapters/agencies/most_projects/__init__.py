"""과학기술부: research projects put up for approval, as SOAP calls with attachments."""
