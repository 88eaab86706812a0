      *****************************************************************
      *  도로사업 관리 시스템: 전자결재 연계 레코드 (IBM-933, RDW)
      *****************************************************************
       01  HEADER-REC.
           05  REC-TYPE              PIC X(02).
               88  HEADER-TYPE       VALUE '10'.
           05  BATCH-NO              PIC 9(09)      COMP.
           05  SYSTEM-ID             PIC X(10).
           05  AGENCY-CODE           PIC X(07).
           05  MADE-AT               PIC 9(14).
           05  NOTIFY-FLAG           PIC X(01).
               88  NOTIFY-NONE       VALUE 'N'.
               88  NOTIFY-FINAL      VALUE 'F'.
               88  NOTIFY-ALL        VALUE 'A'.
           05  FILLER                PIC X(10).
       01  REQUEST-REC.
           05  REC-TYPE              PIC X(02).
               88  REQUEST-TYPE      VALUE '20'.
           05  REQUEST-NO            PIC X(12).
           05  AGENCY-CODE           PIC X(07).
           05  DEPT-CODE             PIC X(07).
           05  TASK-CODE             PIC X(08).
           05  TITLE                 PIC X(80).
           05  WORKS-KIND            PIC X(02).
           05  SITE                  PIC G(20)      DISPLAY-1.
           05  ROAD-LENGTH           PIC 9(05)V9(03) COMP-3.
           05  WORKS-COST            PIC S9(13)     COMP-3.
           05  COMPENSATION          PIC S9(13)     COMP-3.
           05  RECIPIENT-CODE        PIC X(07).
           05  DISCLOSURE            PIC X(09).
           05  DISCLOSURE-REASON     PIC X(42).
           05  RETENTION             PIC X(02).
           05  CONTENT               PIC X(200).
           05  FILLER                PIC X(06).
           05  SIGNER-COUNT          PIC S9(04)     COMP.
           05  SIGNER OCCURS 2 TO 9 TIMES
                      DEPENDING ON SIGNER-COUNT.
               10  SIGNER-ROLE       PIC X(01).
               10  SIGNER-ID         PIC X(08).
               10  SIGNER-NAME       PIC X(12).
               10  SIGNER-POST       PIC X(16).
               10  SIGNED-AT         PIC 9(14).
       01  RESULT-REC.
           05  REC-TYPE              PIC X(02).
               88  RESULT-TYPE       VALUE '30'.
           05  REQUEST-NO            PIC X(12).
           05  STATUS                PIC X(01).
           05  REPORTED-AT           PIC 9(14).
           05  REG-DEPT-CODE         PIC X(07).
           05  REG-YEAR              PIC 9(04)      COMP-3.
           05  REG-SERIAL            PIC 9(07)      COMP-3.
           05  REG-DATE              PIC 9(08).
           05  REG-TEXT              PIC X(60).
           05  TITLE                 PIC X(80).
           05  SIGNER-COUNT          PIC S9(04)     COMP.
           05  SIGNER OCCURS 0 TO 20 TIMES
                      DEPENDING ON SIGNER-COUNT.
               10  SIGNER-ROLE       PIC X(01).
               10  SIGNER-ID         PIC X(08).
               10  SIGNER-NAME       PIC X(12).
               10  SIGNED-AT         PIC 9(14).
               10  OUTCOME           PIC X(01).
               10  OPINION           PIC X(100).
       01  TRAILER-REC.
           05  REC-TYPE              PIC X(02).
               88  TRAILER-TYPE      VALUE '90'.
           05  REQUEST-COUNT         PIC 9(07)      COMP-3.
           05  COST-TOTAL            PIC S9(15)     COMP-3.
