"""SOAP 1.1 and 1.2 as old systems speak it: rpc/encoded and document/literal, with attachments, calls, answers and faults.

Bytes and their content type -> `mime` takes parts apart -> `read` makes a `Message` of plain values; `write` goes back.
Nothing is fetched: neither a WSDL nor a schema nor what an address in the envelope names.
"""
