"""What somebody is to a document: the words that rules about acts are written in."""

AUTHOR = "author"  # 기안자
CO_DRAFTER = "co-drafter"  # 공동 기안자: writes on a private draft
LINE = "line"  # 결재선의 결재자
REVISER = "reviser"  # 검토자나 결재자 whose step is still to come, or the deputy of one who is away
DEPARTMENT = "department"  # of the producing or accepting department
CLERK = "clerk"  # 처리과 문서 담당: clerk of the producing or accepting department
HEAD = "head"  # 처리과장: head of the producing department
KEEPER = "keeper"  # 관인 관리자
RECORDS = "records"  # 기록물관리책임자 of the agency
DOCUMENT_CLERK = "document-clerk"  # 문서과 담당: clerk of the department that receives for the agency
IN_CHARGE = "in-charge"  # 담당자
AGENCY = "agency"  # anybody of the agency that may read it
