"""E-nara and business systems linked to the document system by `exchange.xml` directories, of both generations."""
