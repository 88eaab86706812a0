"""시군구 행정정보시스템: requests for approval in tables of its database. See NOTES.md."""
